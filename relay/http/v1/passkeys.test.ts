import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { passkeyOptionsReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { type PasskeyTweaks, SoftwarePasskey } from '#testing/software-passkey.ts'

const MINUTE = 60_000
let clock: ManualClock
let relay: TestRelay
let token: string
let passkey: SoftwarePasskey
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
  passkey = new SoftwarePasskey(relay.url)
})
afterEach(() => relay.close())

const REFUSED = { status: 401, body: { code: 'sign-in-failed' } }

async function begin(path: string, bearer?: string) {
  const reply = await relay.call('POST', path, bearer === undefined ? {} : { token: bearer })
  const { ticket, options } = passkeyOptionsReplySchema.parse(reply.body)
  return { ticket, options: { ...options, challenge: String(options.challenge) } }
}

async function register(tweaks: PasskeyTweaks = {}, key = passkey) {
  const { ticket, options } = await begin('/v1/passkeys/options', token)
  const body = { ticket, name: 'Laptop', credential: key.register(options, tweaks) }
  return relay.call('POST', '/v1/passkeys', { token, body })
}

async function signIn(tweaks: PasskeyTweaks = {}, key = passkey) {
  const { ticket, options } = await begin('/v1/sign-in/passkey/options')
  return relay.call('POST', '/v1/sign-in/passkey', { body: { ticket, credential: key.answer(options, tweaks) } })
}

describe('passkeys', () => {
  it('are registered, sign in without a name or password, are listed and removed', async () => {
    const { options } = await begin('/v1/passkeys/options', token)
    expect(options).toMatchObject({
      rp: { id: '127.0.0.1' },
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
    })
    const { status, body } = await register()
    expect(status).toBe(200)
    const signedIn = await signIn()
    expect(signedIn).toMatchObject({ status: 200, body: { user: { email: ADMIN.email } } })
    expect((await relay.call('GET', '/v1/passkeys', { token })).body).toMatchObject({
      passkeys: [{ name: 'Laptop', lastUsedAtMs: clock.nowMs() }],
    })
    const { id } = (body as { passkey: { id: string } }).passkey
    expect((await relay.call('DELETE', `/v1/passkeys/${id}`, { token })).status).toBe(204)
    expect(await signIn()).toMatchObject(REFUSED)
  })

  it.each<[string, PasskeyTweaks]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['a person that the authenticator did not check', { isVerified: false }],
    ['a counter that stood still', { counter: 1 }],
    ['a counter that went back', { counter: 0 }],
  ])('A23 refuses %s at sign-in', async (_name, tweaks) => {
    await register()
    expect((await signIn()).status).toBe(200)
    expect(await signIn(tweaks)).toMatchObject(REFUSED)
    expect((await signIn({ counter: 9 })).status).toBe(200)
  })

  it.each<[string, PasskeyTweaks]>([
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['a person that the authenticator did not check', { isVerified: false }],
  ])('A23 refuses %s at registration', async (_name, tweaks) => {
    expect(await register(tweaks)).toMatchObject(REFUSED)
    expect((await relay.call('GET', '/v1/passkeys', { token })).body).toMatchObject({ passkeys: [] })
  })

  it('A23 a challenge is good for one answer, for five minutes and for what it was made for', async () => {
    await register()
    const { ticket, options } = await begin('/v1/sign-in/passkey/options')
    const body = { ticket, credential: passkey.answer(options) }
    const replies = await Promise.all([1, 2, 3].map(() => relay.call('POST', '/v1/sign-in/passkey', { body })))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    const late = await begin('/v1/sign-in/passkey/options')
    clock.advance(5 * MINUTE)
    const answer = passkey.answer(late.options)
    expect(
      await relay.call('POST', '/v1/sign-in/passkey', { body: { ticket: late.ticket, credential: answer } }),
    ).toMatchObject(REFUSED)
    token = await relay.signIn()
    const other = await begin('/v1/passkeys/options', token)
    const credential = passkey.answer(other.options)
    expect(
      await relay.call('POST', '/v1/sign-in/passkey', { body: { ticket: other.ticket, credential } }),
    ).toMatchObject(REFUSED)
  })

  it('nobody registers with the ticket of another person, and no credential twice', async () => {
    const bob = await relay.signIn(await relay.addOperator(token, 'bob@example.org'))
    const { ticket, options } = await begin('/v1/passkeys/options', token)
    const body = { ticket, name: 'Mine', credential: passkey.register(options) }
    expect(await relay.call('POST', '/v1/passkeys', { token: bob, body })).toMatchObject(REFUSED)
    expect((await register()).status).toBe(200)
    expect(await register()).toMatchObject(REFUSED)
  })

  it("nobody removes another person's, and an unknown key is refused like a wrong one", async () => {
    const { body } = await register()
    const { id } = (body as { passkey: { id: string } }).passkey
    const bob = await relay.signIn(await relay.addOperator(token, 'bob@example.org'))
    expect((await relay.call('DELETE', `/v1/passkeys/${id}`, { token: bob })).status).toBe(404)
    const unknown = await signIn({}, new SoftwarePasskey(relay.url))
    expect(unknown).toMatchObject(REFUSED)
    expect(unknown.body).toEqual((await signIn({ isVerified: false })).body)
  })

  it('A25 step up, but only within the sign-in of the same person', async () => {
    await register()
    const bob = await relay.signIn(await relay.addOperator(token, 'bob@example.org'))
    clock.advance(6 * MINUTE)
    const stepUp = async (bearer: string) => {
      const { ticket, options } = await begin('/v1/sign-in/passkey/options')
      const body = { passkey: { ticket, credential: passkey.answer(options) } }
      return relay.call('POST', '/v1/me/step-up', { token: bearer, body })
    }
    expect(await stepUp(bob)).toMatchObject(REFUSED)
    expect((await relay.call('POST', '/v1/passkeys/options', { token })).status).toBe(401)
    expect((await stepUp(token)).status).toBe(200)
    expect((await relay.call('POST', '/v1/passkeys/options', { token })).status).toBe(200)
  })
})
