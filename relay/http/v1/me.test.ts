import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { operatorSessionsReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestPolicy } from '#testing/policy.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'

const MINUTE = 60_000
const NEW_PASSWORD = 'nine purple teapots'
let clock: ManualClock
let relay: TestRelay
let token: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
})
afterEach(() => relay.close())

const mint = () => relay.call('POST', '/v1/enrolment-tokens', { token, body: { maxUses: 1, expiresInS: 60 } })
const stepUp = (password: string, bearer = token) =>
  relay.call('POST', '/v1/me/step-up', { token: bearer, body: { password } })
const change = (currentPassword: string, newPassword = NEW_PASSWORD) =>
  relay.call('POST', '/v1/me/password', { token, body: { currentPassword, newPassword } })
const sessions = async () =>
  operatorSessionsReplySchema.parse((await relay.call('GET', '/v1/operator-sessions', { token })).body).operatorSessions

describe('step-up', () => {
  it('A25 is asked for when the proof is older than five minutes, and lasts five', async () => {
    clock.advance(5 * MINUTE)
    expect((await mint()).status).toBe(200)
    clock.advance(1)
    expect(await mint()).toMatchObject({ status: 401, body: { code: 'step-up-required' } })
    expect((await relay.call('GET', '/v1/devices', { token })).status).toBe(200)
    expect(await stepUp(ADMIN.password)).toMatchObject({ status: 200, body: { authenticatedAtMs: clock.nowMs() } })
    expect((await mint()).status).toBe(200)
    clock.advance(5 * MINUTE + 1)
    expect((await mint()).status).toBe(401)
  })

  it('A19 counts wrong passwords with those of signing in, and an expired sign-in is none', async () => {
    for (let index = 0; index < 5; index++) expect((await stepUp('wrong')).status).toBe(401)
    expect((await stepUp(ADMIN.password)).status).toBe(429)
    const { email, password } = ADMIN
    expect((await relay.call('POST', '/v1/sign-in', { body: { email, password } })).status).toBe(429)
    clock.advance(61 * MINUTE)
    expect(await stepUp(ADMIN.password)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } })
  })

  it("takes nobody else's password", async () => {
    const bob = await relay.addOperator(token, 'bob@example.org')
    expect((await stepUp(bob.password)).status).toBe(401)
  })
})

describe('changing the password', () => {
  it('takes the current one and ends every other sign-in, sockets included', async () => {
    const other = await relay.signIn()
    const socket = await relay.openOperatorSocket(other)
    expect(await change('not this one')).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } })
    expect((await change(ADMIN.password)).status).toBe(204)
    expect(await socket.closed).toBe(4401)
    expect((await relay.call('GET', '/v1/me', { token: other })).status).toBe(401)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
    await expect(relay.signIn()).rejects.toThrow('sign-in-failed')
    await relay.signIn({ email: ADMIN.email, password: NEW_PASSWORD })
  })

  it.each([
    'Password1234!',
    'aaaaaaaaaaaaaa',
    '123456789012',
    'abcabcabcabcabc',
    'qwertyuiop12345',
    'ada@example.org',
    'Example Ltd 2026!',
    'iloveyouiloveyou',
  ])('A26 refuses what is guessed first: %s', async password => {
    expect(await change(ADMIN.password, password)).toMatchObject({
      status: 400,
      body: { code: 'password-weak' },
    })
  })

  it.each([
    ' leading and trailing ',
    `${'é'.normalize('NFD').repeat(3)} three other words`,
    'x1!'.padEnd(128, 'correct horse battery '),
  ])('A26 takes long, spaced and Unicode ones as they are: %s', async password => {
    expect((await change(ADMIN.password, password)).status).toBe(204)
    await relay.signIn({ email: ADMIN.email, password: password.normalize('NFC') })
    await expect(
      relay.signIn({ email: ADMIN.email, password: password.trim().toLowerCase().slice(0, -1) }),
    ).rejects.toThrow()
  })
})

describe('the places where one is signed in', () => {
  it('are listed with how and from where, and are ended one by one or all but this one', async () => {
    clock.advance(2 * MINUTE)
    const second = await relay.signIn()
    const third = await relay.signIn()
    const listed = await sessions()
    expect(listed).toHaveLength(3)
    expect(listed.filter(({ current }) => current)).toMatchObject([{ method: 'password', address: '127.0.0.1' }])
    const other = listed.find(({ current }) => !current)
    expect((await relay.call('DELETE', `/v1/operator-sessions/${other?.id}`, { token })).status).toBe(204)
    expect((await relay.call('DELETE', `/v1/operator-sessions/${other?.id}`, { token })).status).toBe(404)
    const statuses = await Promise.all(
      [second, third].map(async one => (await relay.call('GET', '/v1/me', { token: one })).status),
    )
    expect(statuses.sort()).toEqual([200, 401])
    await relay.signIn()
    expect((await relay.call('DELETE', '/v1/operator-sessions', { token })).status).toBe(204)
    expect(await sessions()).toMatchObject([{ current: true }])
  })

  it("somebody else's are not found", async () => {
    const bob = await relay.signIn(await relay.addOperator(token, 'bob@example.org'))
    const [mine] = await sessions()
    expect((await relay.call('DELETE', `/v1/operator-sessions/${mine?.id}`, { token: bob })).status).toBe(404)
    expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
  })

  it('a hostile program name is shown as honest text', async () => {
    const { email, password } = ADMIN
    const headers = { 'user-agent': 'Handhold <img src=x> %00 \u00ad!' }
    await relay.call('POST', '/v1/sign-in', { body: { email, password }, headers })
    for (const { client } of await sessions()) expect(client).not.toMatch(/\p{Cc}|\p{Cf}/u)
  })
})

describe('what somebody runs', () => {
  const ask = async (bearer: string) => (await relay.call('GET', '/v1/me/administration', { token: bearer })).body

  it('is everything for the administrator and nothing for an operator', async () => {
    const bob = await relay.addOperator(token, 'bob@example.org')
    const all = ['manage-devices', 'manage-policy', 'read-audit']
    expect(await ask(token)).toEqual({ administrator: true, somewhere: all, everywhere: all, scripts: true })
    expect(await ask(await relay.signIn(bob))).toEqual({
      administrator: false,
      somewhere: [],
      everywhere: [],
      scripts: false,
    })
  })

  it('tells a right in one group from one everywhere', async () => {
    const bob = await relay.addOperator(token, 'bob@example.org')
    const policy = new TestPolicy(relay, token)
    const branch = await policy.addGroup('Branch')
    await policy.assign(bob.user.id, await policy.addRole('Devices', ['manage-devices']), branch)
    expect(await ask(await relay.signIn(bob))).toEqual({
      administrator: false,
      somewhere: ['manage-devices'],
      everywhere: [],
      scripts: false,
    })
  })

  it('says who may run scripts on the devices of a group', async () => {
    const bob = await relay.addOperator(token, 'bob@example.org')
    const policy = new TestPolicy(relay, token)
    const branch = await policy.addGroup('Branch')
    await policy.assign(bob.user.id, await policy.addRole('Scripts', ['unattended', 'control', 'shell-user']), branch)
    expect(await ask(await relay.signIn(bob))).toMatchObject({ administrator: false, scripts: true })
  })
})
