import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { ADMIN, TestRelay } from '#testing/relay.ts'

let relay: TestRelay
afterEach(() => relay.close())

const body = (secret: string | undefined) => ({ ...ADMIN, secret: secret ?? '', organisationName: 'Example Ltd' })

it('A14 twenty parallel bootstraps make exactly one administrator', async () => {
  relay = await TestRelay.start({ withoutAdmin: true })
  const replies = await Promise.all(
    Array.from({ length: 20 }, () => relay.call('POST', '/v1/bootstrap', { body: body(relay.bootstrapSecret) })),
  )
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(replies.filter(({ status }) => status === 409)).toHaveLength(19)
  await relay.signIn()
})

it('A14 refuses a wrong secret and keeps the right one good', async () => {
  relay = await TestRelay.start({ withoutAdmin: true })
  const wrong = await relay.call('POST', '/v1/bootstrap', { body: body('not the secret of this relay') })
  expect(wrong).toMatchObject({ status: 403, body: { code: 'bootstrap-secret-wrong' } })
  await relay.bootstrap()
})

it('keeps the secret in a file of its owner only, deletes it after use, and makes no other', async () => {
  relay = await TestRelay.start({ withoutAdmin: true })
  const file = join(relay.dataDir, 'bootstrap-secret')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await readFile(file, 'utf8')).trim()).toBe(relay.bootstrapSecret)
  const secret = relay.bootstrapSecret
  await relay.bootstrap()
  await expect(stat(file)).rejects.toThrow('ENOENT')
  await relay.restart()
  expect(relay.bootstrapSecret).toBeUndefined()
  const again = await relay.call('POST', '/v1/bootstrap', { body: body(secret) })
  expect(again).toMatchObject({ status: 409, body: { code: 'already-bootstrapped' } })
})

it('keeps the same secret over restarts until it is used', async () => {
  relay = await TestRelay.start({ withoutAdmin: true })
  const secret = relay.bootstrapSecret
  await relay.restart()
  expect(relay.bootstrapSecret).toBe(secret)
})

it('A48 refuses members that the schema does not name', async () => {
  relay = await TestRelay.start({ withoutAdmin: true })
  const reply = await relay.call('POST', '/v1/bootstrap', { body: { ...body(relay.bootstrapSecret), role: 'owner' } })
  expect(reply).toMatchObject({ status: 400, body: { code: 'bad-request' } })
})
