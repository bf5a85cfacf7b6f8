import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recoveryCodesReplySchema, secondFactorNeededSchema, totpReplySchema } from '#protocol/identity-http.ts'
import { totpCode } from '#testing/authenticator-app.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'

const MINUTE = 60_000
const STEP = 30_000
let clock: ManualClock
let relay: TestRelay
let token: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
})
afterEach(() => relay.close())

const FAILED = { status: 401, body: { code: 'sign-in-failed' } }

async function enrol(): Promise<string> {
  const { body } = await relay.call('POST', '/v1/two-factor', { token })
  return totpReplySchema.parse(body).secret
}

/** Enrols and confirms; the clock stands one step later, where a new code is due. */
async function enable(): Promise<{ secret: string; recoveryCodes: string[] }> {
  const secret = await enrol()
  const reply = await relay.call('POST', '/v1/two-factor/confirm', { token, body: { code: codeNow(secret) } })
  clock.advance(STEP)
  return { secret, ...recoveryCodesReplySchema.parse(reply.body) }
}

async function ticket(): Promise<string> {
  const { email, password } = ADMIN
  const { body } = await relay.call('POST', '/v1/sign-in', { body: { email, password } })
  return secondFactorNeededSchema.parse(body).secondFactor.ticket
}

const codeNow = (secret: string) => totpCode(secret, clock.nowMs())
const wrongCode = (secret: string) => String((Number(codeNow(secret)) + 1) % 1_000_000).padStart(6, '0')
const finish = (body: object) => relay.call('POST', '/v1/sign-in/second-factor', { body })

describe('an authenticator app', () => {
  it('is asked for at sign-in from its confirmation on', async () => {
    const secret = await enrol()
    expect((await relay.call('GET', '/v1/me/security', { token })).body).toMatchObject({ totp: false })
    await relay.signIn()
    expect(
      await relay.call('POST', '/v1/two-factor/confirm', { token, body: { code: wrongCode(secret) } }),
    ).toMatchObject(FAILED)
    await relay.call('POST', '/v1/two-factor/confirm', { token, body: { code: codeNow(secret) } })
    clock.advance(STEP)
    const reply = await finish({ ticket: await ticket(), code: codeNow(secret) })
    expect(reply).toMatchObject({ status: 200, body: { user: { email: ADMIN.email } } })
    const signedIn = (reply.body as { token: string }).token
    expect((await relay.call('GET', '/v1/me/security', { token: signedIn })).body).toMatchObject({
      totp: true,
      recoveryCodesLeft: 10,
    })
  })

  it('A22 the ticket of a half sign-in opens nothing, and no member of the body skips the code', async () => {
    await enable()
    const half = await ticket()
    for (const path of ['/v1/me', '/v1/devices', '/v1/operators', '/v1/audit'])
      expect((await relay.call('GET', path, { token: half })).status).toBe(401)
    await expect(relay.openOperatorSocket(half)).rejects.toThrow()
    expect((await finish({ ticket: half })).status).toBe(400)
    expect((await finish({ ticket: half, code: '000000', mfa: true })).status).toBe(400)
    const body = { email: ADMIN.email, password: ADMIN.password, mfa: true }
    expect((await relay.call('POST', '/v1/sign-in', { body })).status).toBe(400)
  })

  it('A22 a code is good once, also when it comes many times at once', async () => {
    const { secret } = await enable()
    const code = codeNow(secret)
    const tickets = [await ticket(), await ticket(), await ticket(), await ticket()]
    const replies = await Promise.all(tickets.map(one => finish({ ticket: one, code })))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    clock.advance(STEP)
    expect(await finish({ ticket: await ticket(), code })).toMatchObject(FAILED)
  })

  it('the code of confirming is spent by it', async () => {
    const secret = await enrol()
    const code = codeNow(secret)
    await relay.call('POST', '/v1/two-factor/confirm', { token, body: { code } })
    expect(await finish({ ticket: await ticket(), code })).toMatchObject(FAILED)
  })

  it('A22 wrong codes end the ticket and count against the account', async () => {
    const { secret } = await enable()
    const half = await ticket()
    for (let index = 0; index < 5; index++)
      expect(await finish({ ticket: half, code: wrongCode(secret) })).toMatchObject(FAILED)
    expect((await finish({ ticket: half, code: codeNow(secret) })).status).toBe(401)
    const { email, password } = ADMIN
    expect((await relay.call('POST', '/v1/sign-in', { body: { email, password } })).status).toBe(429)
    await relay.restart()
    expect((await relay.call('POST', '/v1/sign-in', { body: { email, password } })).status).toBe(429)
    clock.advance(15 * MINUTE)
    expect((await finish({ ticket: await ticket(), code: codeNow(secret) })).status).toBe(200)
  })

  it('a ticket lasts five minutes and ends with its use', async () => {
    const { secret } = await enable()
    const late = await ticket()
    clock.advance(5 * MINUTE)
    expect(await finish({ ticket: late, code: codeNow(secret) })).toMatchObject(FAILED)
    const used = await ticket()
    expect((await finish({ ticket: used, code: codeNow(secret) })).status).toBe(200)
    clock.advance(STEP)
    expect(await finish({ ticket: used, code: codeNow(secret) })).toMatchObject(FAILED)
  })

  it('recovery codes work once each, however they are typed, and none is in the database', async () => {
    const { recoveryCodes, secret } = await enable()
    const [first = '', second = ''] = recoveryCodes
    expect((await finish({ ticket: await ticket(), recoveryCode: ` ${first.toUpperCase()} ` })).status).toBe(200)
    expect(await finish({ ticket: await ticket(), recoveryCode: first })).toMatchObject(FAILED)
    expect((await finish({ ticket: await ticket(), recoveryCode: second.replaceAll('-', '') })).status).toBe(200)
    expect((await relay.call('GET', '/v1/me/security', { token })).body).toMatchObject({ recoveryCodesLeft: 8 })
    for (const file of ['relay.db', 'relay.db-wal']) {
      const bytes = await readFile(join(relay.dataDir, file))
      for (const text of [first, first.replaceAll('-', ''), secret]) expect(bytes.includes(text)).toBe(false)
    }
  })

  it('A25 new recovery codes and turning it off take a fresh proof; old codes end', async () => {
    const { recoveryCodes, secret } = await enable()
    clock.advance(5 * MINUTE)
    for (const [method, path] of [
      ['POST', '/v1/two-factor/recovery-codes'],
      ['DELETE', '/v1/two-factor'],
    ] as const)
      expect(await relay.call(method, path, { token })).toMatchObject({
        status: 401,
        body: { code: 'step-up-required' },
      })
    const stepUp = (body: object) => relay.call('POST', '/v1/me/step-up', { token, body })
    expect(await stepUp({ password: ADMIN.password })).toMatchObject(FAILED)
    expect((await stepUp({ password: ADMIN.password, code: codeNow(secret) })).status).toBe(200)
    const reply = await relay.call('POST', '/v1/two-factor/recovery-codes', { token })
    expect(recoveryCodesReplySchema.parse(reply.body).recoveryCodes).not.toContain(recoveryCodes[0])
    expect(await finish({ ticket: await ticket(), recoveryCode: recoveryCodes[0] })).toMatchObject(FAILED)
    expect((await relay.call('DELETE', '/v1/two-factor', { token })).status).toBe(204)
    await relay.signIn()
  })
})
