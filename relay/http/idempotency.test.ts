import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enrolmentTokenReplySchema, enrolmentTokensReplySchema } from '#protocol/enrolment-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'

let relay: TestRelay
let token: string
const clock = new ManualClock()
beforeEach(async () => {
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
})
afterEach(() => relay.close())

const BODY = { maxUses: 5, expiresInS: 3600, name: 'Branch' }
const post = (key: string, body: object = BODY, by = token, path = '/v1/enrolment-tokens') =>
  relay.call('POST', path, { token: by, body, headers: { 'idempotency-key': key } })
const made = async () =>
  enrolmentTokensReplySchema.parse((await relay.call('GET', '/v1/enrolment-tokens', { token })).body).tokens.length
const rows = (sql: string) => {
  const database = new Sqlite(join(relay.dataDir, 'relay.db'))
  try {
    return /^select/.test(sql) ? database.prepare(sql).all() : void database.exec(sql)
  } finally {
    database.close()
  }
}

describe('a request with an Idempotency-Key', () => {
  it('is done once and answered alike, after a restart too', async () => {
    const first = await post('one')
    await relay.restart()
    const again = await post('one')
    expect([again.status, again.body]).toEqual([first.status, first.body])
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await made()).toBe(1)
    await post('two')
    expect(await made()).toBe(2)
  })

  it('is done once in twenty parallel tries', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => post('one')))
    const good = replies.filter(({ status }) => status === 200)
    expect(good.length).toBeGreaterThanOrEqual(1)
    expect(new Set(good.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    for (const { status, body } of replies)
      if (status !== 200) expect([status, body]).toMatchObject([409, { code: 'idempotency-in-flight' }])
    expect(await made()).toBe(1)
  })

  it('is refused with another body or on another route, and is free for somebody else', async () => {
    await post('one')
    expect(await post('one', { ...BODY, maxUses: 6 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-mismatch' },
    })
    expect((await post('one', {}, token, '/v1/two-factor')).status).toBe(422)
    const carol = await relay.signIn(await relay.addOperator(token, 'carol@example.org', 'admin'))
    expect((await post('one', BODY, carol)).status).toBe(200)
    expect(await made()).toBe(2)
  })

  it('leaves nothing behind when it was refused', async () => {
    const wrong = { ...BODY, groupId: `grp_${'0'.repeat(26)}` }
    expect((await post('one', wrong)).status).toBe(404)
    expect(rows('select * from idempotency')).toEqual([])
    expect((await post('one')).status).toBe(200)
  })

  it('A148 is never done twice when the relay stopped before it could answer', async () => {
    await post('one')
    rows('update idempotency set sealed_reply = null')
    expect(await post('one')).toMatchObject({ status: 409, body: { code: 'idempotency-unfinished' } })
    expect(await made()).toBe(1)
  })

  it('is forgotten after a day, and its answer is in no file of the relay', async () => {
    const { token: secret } = enrolmentTokenReplySchema.parse((await post('one')).body)
    for (const name of (await readdir(relay.dataDir)).filter(file => file.startsWith('relay.db')))
      expect((await readFile(join(relay.dataDir, name))).includes(secret)).toBe(false)
    clock.set(clock.nowMs() + 24 * 3_600_000)
    token = await relay.signIn()
    expect((await post('one')).headers.get('idempotency-replayed')).toBeNull()
    expect(await made()).toBe(2)
  })

  it('is refused when the key can be none', async () => {
    for (const key of ['a b', 'x'.repeat(129), 'é']) expect((await post(key)).status).toBe(400)
  })
})
