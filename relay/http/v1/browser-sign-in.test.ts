import { afterEach, beforeEach, expect, it } from 'vitest'
import { browserPasskeyReplySchema, passkeyOptionsReplySchema, ssoStartReplySchema } from '#protocol/identity-http.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { type PasskeyTweaks, SoftwarePasskey } from '#testing/software-passkey.ts'

const MINUTE = 60_000
const FAILED = { status: 403, body: { code: 'sso-failed' } }
const WRONG = { status: 401, body: { code: 'sign-in-failed' } }

let clock: ManualClock
let relay: TestRelay
let token: string
let passkey: SoftwarePasskey
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock })
  token = await relay.signIn()
  passkey = new SoftwarePasskey(relay.url)
  const { ticket, options } = await begin('/v1/passkeys/options', token)
  const body = { ticket, name: 'Laptop', credential: passkey.register(options) }
  expect((await relay.call('POST', '/v1/passkeys', { token, body })).status).toBe(200)
})
afterEach(() => relay.close())

async function begin(path: string, bearer?: string) {
  const reply = await relay.call('POST', path, bearer === undefined ? {} : { token: bearer })
  const { ticket, options } = passkeyOptionsReplySchema.parse(reply.body)
  return { ticket, options: { ...options, challenge: String(options.challenge) } }
}

/** What the app does: it keeps the ticket, and the browser gets the rest. */
async function start() {
  const { url, ticket } = ssoStartReplySchema.parse((await relay.call('POST', '/v1/sign-in/browser')).body)
  const { origin, pathname, hash } = new URL(url)
  expect([origin, pathname]).toEqual([relay.url, '/sign-in'])
  return { ticket, state: hash.slice(1) }
}

async function prove(state: string, tweaks: PasskeyTweaks = {}) {
  const { ticket, options } = await begin('/v1/sign-in/passkey/options')
  const proof = { ticket, credential: passkey.answer(options, tweaks) }
  return relay.call('POST', '/v1/sign-in/browser/passkey', { body: { state, proof } })
}
const codeOf = async (state: string) => browserPasskeyReplySchema.parse((await prove(state)).body).code
const redeem = (ticket: string, code?: string) =>
  relay.call('POST', '/v1/sign-in/sso/redeem', { body: { ticket, ...(code === undefined ? {} : { code }) } })
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

it('an app is signed in with a passkey through the relay’s page: ticket and code together, once', async () => {
  const { ticket, state } = await start()
  expect((await redeem(ticket)).body).toEqual({ state: 'waiting-for-browser' })
  const code = await codeOf(state)
  expect((await redeem(ticket)).body).toEqual({ state: 'waiting-for-code' })
  const replies = await Promise.all([1, 2, 3].map(() => redeem(ticket, code)))
  expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(replies.find(({ status }) => status === 200)?.body).toMatchObject({ user: { email: ADMIN.email } })
  const { body } = await relay.call('GET', '/v1/audit', { token })
  expect(body).toMatchObject({
    entries: expect.arrayContaining([
      expect.objectContaining({ action: 'user.signed-in', detail: expect.objectContaining({ method: 'passkey' }) }),
    ]),
  })
})

it('A23 an answer that isn’t right shows no code, and the app goes on waiting', async () => {
  const { ticket, state } = await start()
  expect(await prove(state, { origin: 'https://evil.example' })).toMatchObject(WRONG)
  expect((await redeem(ticket)).body).toEqual({ state: 'waiting-for-browser' })
  expect((await prove(state)).status).toBe(200)
})

it('a state that was used, that nobody began or that is too old leads nowhere', async () => {
  const { ticket, state } = await start()
  await codeOf(state)
  expect(await prove(state)).toMatchObject(FAILED)
  expect(await prove('a'.repeat(43))).toMatchObject(FAILED)
  const late = await start()
  clock.advance(10 * MINUTE)
  expect(await prove(late.state)).toMatchObject(FAILED)
  expect(await redeem(ticket, '123456')).toMatchObject(FAILED)
})

it('who had somebody else open the page lacks the code, and five guesses end the ticket', async () => {
  const { ticket, state } = await start()
  const code = await codeOf(state)
  for (let guess = 0; guess < 5; guess++) expect(await redeem(ticket, wrong(code))).toMatchObject(WRONG)
  expect(await redeem(ticket, code)).toMatchObject(FAILED)
})

it('A25 steps up who is signed in, once, and nobody else', async () => {
  const account = await relay.addOperator(token, 'bob@example.org')
  const bob = await relay.signIn(account)
  clock.advance(6 * MINUTE)
  const body = { email: 'x@example.org', role: 'operator' }
  const invite = () => relay.call('POST', '/v1/invitations', { token, body })
  expect(await invite()).toMatchObject({ body: { code: 'step-up-required' } })
  const { ticket, state } = await start()
  const browser = { ticket, code: await codeOf(state) }
  const confirm = (bearer: string) => relay.call('POST', '/v1/me/step-up', { token: bearer, body: { browser } })
  expect(await confirm(bob)).toMatchObject(FAILED)
  expect((await confirm(token)).status).toBe(200)
  expect(await confirm(token)).toMatchObject(FAILED)
  expect((await invite()).status).toBe(200)
})
