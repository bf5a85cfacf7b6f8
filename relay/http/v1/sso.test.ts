import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ssoStartReplySchema } from '#protocol/identity-http.ts'
import { OIDC_CLIENT, TestIdentityProvider } from '#testing/identity-provider.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'

const MINUTE = 60_000
let clock: ManualClock
let relay: TestRelay
let provider: TestIdentityProvider
let admin: string
beforeEach(async () => {
  clock = new ManualClock()
  relay = await TestRelay.start({ clock, allowLoopbackIssuers: true })
  provider = await TestIdentityProvider.start(() => `${relay.url}/v1/sign-in/sso/callback`)
  admin = await relay.signIn()
})
afterEach(async () => {
  await relay.close()
  await provider.close()
})

const settings = (change: object = {}) => ({
  issuer: provider.issuer,
  clientId: OIDC_CLIENT.id,
  clientSecret: OIDC_CLIENT.secret,
  domains: ['example.com'],
  createsAccounts: true,
  ...change,
})
const configure = (change?: object, token = admin) => relay.call('PUT', '/v1/sso', { token, body: settings(change) })

async function start(email = 'eve@example.com') {
  const reply = await relay.call('POST', '/v1/sign-in/sso', { body: { email } })
  return ssoStartReplySchema.parse(reply.body)
}

/** The browser's last page: the relay's own. */
async function open(url: string): Promise<{ status: number; text: string; code: string }> {
  const reply = await fetch(url)
  const text = await reply.text()
  expect(reply.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(reply.headers.get('cache-control')).toBe('no-store')
  return { status: reply.status, text, code: /(\d{3}) (\d{3})/.exec(text)?.slice(1).join('') ?? '' }
}

const redeem = (ticket: string, code?: string) =>
  relay.call('POST', '/v1/sign-in/sso/redeem', { body: { ticket, ...(code && { code }) } })

async function signIn(email?: string) {
  const { url, ticket } = await start(email)
  const { code } = await open(await provider.browse(url))
  return redeem(ticket, code)
}

const FAILED = { status: 403, body: { code: 'sso-failed' } }

describe('single sign-on', () => {
  it('makes an account at the first time and finds it again by the name that the provider has for it', async () => {
    expect((await configure()).status).toBe(204)
    const first = await signIn()
    expect(first).toMatchObject({ status: 200, body: { user: { email: 'eve@example.com', name: 'Eve Example' } } })
    provider.account = { ...provider.account, email: 'eve.new@example.com' }
    const second = await signIn()
    expect((second.body as { user: object }).user).toEqual((first.body as { user: object }).user)
    const { token } = second.body as { token: string }
    expect((await relay.call('GET', '/v1/me/security', { token })).body).toMatchObject({
      role: 'operator',
      hasPassword: false,
    })
  })

  it('takes the app through its stages, and a ticket is redeemed once', async () => {
    await configure()
    const { url, ticket } = await start()
    expect((await redeem(ticket)).body).toEqual({ state: 'waiting-for-browser' })
    expect((await redeem(ticket, '123456')).body).toEqual({ state: 'waiting-for-browser' })
    const { code, text } = await open(await provider.browse(url))
    expect(text).toContain('You are eve@example.com.')
    expect((await redeem(ticket)).body).toEqual({ state: 'waiting-for-code' })
    const replies = await Promise.all([1, 2, 3].map(() => redeem(ticket, code)))
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await redeem(ticket, code)).toMatchObject(FAILED)
  })

  it('asks the provider with PKCE, state and nonce, and keeps the secret out of answers and files', async () => {
    await configure()
    const { searchParams } = new URL((await start()).url)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('response_type')).toBe('code')
    for (const name of ['code_challenge', 'state', 'nonce']) expect(searchParams.get(name)?.length).toBeGreaterThan(20)
    const { body } = await relay.call('GET', '/v1/sso', { token: admin })
    expect(body).toMatchObject({ provider: { issuer: provider.issuer, domains: ['example.com'] } })
    expect(JSON.stringify(body)).not.toContain(OIDC_CLIENT.secret)
    for (const file of ['relay.db', 'relay.db-wal'])
      expect((await readFile(join(relay.dataDir, file))).includes(OIDC_CLIENT.secret)).toBe(false)
    await relay.restart()
    expect((await relay.call('GET', '/v1/sso', { token: admin })).status).toBe(200)
  })

  it('a browser that comes back twice, with another state or with the code of another flow changes nothing', async () => {
    await configure()
    const mine = await start()
    const other = await start()
    const callback = new URL(await provider.browse(mine.url))
    const mixed = new URL(callback)
    mixed.searchParams.set('state', new URL(other.url).searchParams.get('state') ?? '')
    expect((await open(mixed.href)).status).toBe(403)
    expect(await redeem(other.ticket)).toMatchObject(FAILED)
    const unknown = new URL(callback)
    unknown.searchParams.set('state', 'a'.repeat(43))
    expect((await open(unknown.href)).status).toBe(403)
    expect((await redeem(mine.ticket)).body).toEqual({ state: 'waiting-for-browser' })
    const again = await start()
    const good = await provider.browse(again.url)
    const { code } = await open(good)
    expect((await open(good)).status).toBe(403)
    expect((await redeem(again.ticket, code)).status).toBe(200)
  })

  it('a stranger who had somebody else open the link lacks the code, and five guesses end the ticket', async () => {
    await configure()
    const { url, ticket } = await start()
    const { code } = await open(await provider.browse(url))
    const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
    for (let index = 0; index < 5; index++) expect((await redeem(ticket, wrong)).status).toBe(401)
    expect(await redeem(ticket, code)).toMatchObject(FAILED)
  })

  it('a flow lasts ten minutes', async () => {
    await configure()
    const { url, ticket } = await start()
    const callback = await provider.browse(url)
    clock.advance(10 * MINUTE)
    expect((await open(callback)).status).toBe(403)
    expect(await redeem(ticket)).toMatchObject(FAILED)
  })

  it.each([
    ['an address of another domain', { email: 'eve@evil.example' }, {}],
    ['an address that is not verified', { email_verified: false }, {}],
    ['nobody whom the relay knows, when accounts are not made', {}, { createsAccounts: false }],
  ])('signs nobody in: %s; the audit says why and the page does not', async (_name, account, change) => {
    await configure(change)
    provider.account = { ...provider.account, ...account }
    const { url, ticket } = await start()
    const page = await open(await provider.browse(url))
    expect(page.status).toBe(403)
    expect(page.text).not.toContain('eve@')
    expect(await redeem(ticket)).toMatchObject(FAILED)
    const { body } = await relay.call('GET', '/v1/audit', { token: admin })
    expect(body).toMatchObject({
      entries: [{ action: 'user.sso-denied', detail: { why: expect.any(String) } }, {}, {}, {}],
    })
    expect((await relay.call('GET', '/v1/operators', { token: admin })).body).toMatchObject({
      operators: { length: 1 },
    })
  })

  it('A25 asks the provider to ask anew, and signs nobody in by a sign-in there that is older', async () => {
    await configure()
    const asked = new URL((await start()).url).searchParams
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '300'])
    provider.askedAgoS = 290
    expect((await signIn()).status).toBe(200)
    provider.askedAgoS = 3600
    const { url, ticket } = await start()
    expect((await open(await provider.browse(url))).status).toBe(403)
    expect(await redeem(ticket)).toMatchObject(FAILED)
  })

  it('links an account of the same organisation, never one of another', async () => {
    await configure({ domains: ['example.org'] })
    provider.account = { sub: 'ada', email: ADMIN.email, email_verified: true }
    expect(await signIn(ADMIN.email)).toMatchObject({ status: 200, body: { user: { name: ADMIN.name } } })
    const other = await relay.signIn(await relay.addOrganisation('Other Ltd', 'otto@example.net'))
    expect((await configure({ domains: ['example.org'] }, other)).status).toBe(400)
    await configure({ domains: ['elsewhere.example'] }, other)
    provider.account = { sub: 'ada', email: ADMIN.email, email_verified: true }
    const { url } = await start('x@elsewhere.example')
    expect((await open(await provider.browse(url))).status).toBe(403)
  })

  it('A17 a password for an account without one is answered like every wrong password', async () => {
    await configure()
    await signIn()
    const attempt = (email: string) =>
      relay.call('POST', '/v1/sign-in', { body: { email, password: 'whatever it may be' } })
    const [without, unknown] = [await attempt('eve@example.com'), await attempt('nobody@example.com')]
    expect(without.status).toBe(401)
    expect(without.body).toEqual(unknown.body)
  })

  it('a stored secret is kept for its own issuer only, and an issuer that is none is refused', async () => {
    await configure()
    const { clientSecret: _, ...rest } = settings()
    expect((await relay.call('PUT', '/v1/sso', { token: admin, body: rest })).status).toBe(204)
    const body = { ...rest, issuer: 'http://127.0.0.1:9' }
    expect((await relay.call('PUT', '/v1/sso', { token: admin, body })).status).toBe(400)
    expect((await configure({ issuer: 'http://127.0.0.1:9' })).body).toMatchObject({
      code: 'sso-unavailable',
    })
    expect((await relay.call('DELETE', '/v1/sso', { token: admin })).status).toBe(204)
    expect((await relay.call('POST', '/v1/sign-in/sso', { body: { email: 'eve@example.com' } })).status).toBe(404)
  })
})

describe('a relay that was not told otherwise', () => {
  it('asks no identity provider on this machine or over plain HTTP', async () => {
    const strict = await TestRelay.start({ clock })
    const token = await strict.signIn()
    for (const issuer of [
      provider.issuer,
      'https://127.0.0.1',
      'https://[::1]',
      'https://localhost',
      'https://169.254.169.254',
    ])
      expect((await strict.call('PUT', '/v1/sso', { token, body: settings({ issuer }) })).body).toMatchObject({
        code: 'sso-unavailable',
      })
    await strict.close()
  })
})
