import { type AsyncHook, createHook } from 'node:async_hooks'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OIDC_CLIENT, TestIdentityProvider } from '#testing/identity-provider.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { SCRYPT } from '../../identity/credentials.ts'

let relay: TestRelay
let token: string
let provider: TestIdentityProvider
let hashes: number
let hook: AsyncHook
beforeEach(async () => {
  relay = await TestRelay.start({
    allowLoopbackIssuers: true,
    passwordHashing: SCRYPT,
    config: { trustedProxyHops: 1 },
  })
  provider = await TestIdentityProvider.start(() => `${relay.url}/v1/sign-in/sso/callback`)
  token = await relay.signIn()
  hashes = 0
  // What takes time when somebody signs in is scrypt, and the runtime tells of each.
  hook = createHook({
    init(_id, type) {
      if (type === 'SCRYPTREQUEST') hashes++
    },
  }).enable()
})
afterEach(async () => {
  hook.disable()
  await relay.close()
  await provider.close()
})

let visitors = 0
/** From an address of its own each: the limit by address is another matter. */
async function attempt(email: string, password = 'whatever it may be') {
  hashes = 0
  const headers = { 'x-forwarded-for': `192.0.2.${++visitors % 250}` }
  const { status, body } = await relay.call('POST', '/v1/sign-in', { body: { email, password }, headers })
  return { status, body, hashes }
}

/** Somebody who comes from the identity provider, without a password here. */
async function addWithoutPassword(): Promise<string> {
  const { id: clientId, secret: clientSecret } = OIDC_CLIENT
  const settings = { issuer: provider.issuer, clientId, clientSecret, domains: ['example.com'], createsAccounts: true }
  expect((await relay.call('PUT', '/v1/sso', { token, body: settings })).status).toBe(204)
  const { body } = await relay.call('POST', '/v1/sign-in/sso', { body: { email: 'eve@example.com' } })
  await fetch(await provider.browse((body as { url: string }).url))
  return 'eve@example.com'
}

describe('A17 whoever guesses learns nothing of who has an account: the same answer after the same work', () => {
  it('for an address that is nobody’s, a wrong password, no password, a disabled and a removed account', async () => {
    const withoutPassword = await addWithoutPassword()
    const disabled = await relay.addOperator(token, 'disabled@example.org')
    await relay.call('POST', `/v1/operators/${disabled.user.id}/disable`, { token })
    const removed = await relay.addOperator(token, 'removed@example.org')
    await relay.call('DELETE', `/v1/operators/${removed.user.id}`, { token })
    const unknown = await attempt('nobody@example.org')
    expect(unknown).toMatchObject({ status: 401, body: { code: 'sign-in-failed' }, hashes: 1 })
    for (const email of [ADMIN.email, withoutPassword, 'disabled@example.org', 'removed@example.org'])
      expect([email, await attempt(email)]).toEqual([email, unknown])
    // The right password of somebody who is switched off is one more wrong one.
    expect(await attempt('disabled@example.org', disabled.password)).toEqual(unknown)
  })

  it('for the sixth try, which hashes nothing at all', async () => {
    const tried = async (email: string) => {
      for (let index = 0; index < 5; index++) expect((await attempt(email)).status).toBe(401)
      return attempt(email)
    }
    const known = await tried(ADMIN.email)
    expect(known).toMatchObject({ status: 429, hashes: 0 })
    expect(await tried('nobody@example.org')).toEqual(known)
  })

  it('for a passkey: whoever begins to sign in with one is told the same, and nobody is named', async () => {
    const begin = async () => Object.keys((await relay.call('POST', '/v1/sign-in/passkey/options')).body as object)
    expect(await begin()).toEqual(await begin())
    const { body } = await relay.call('POST', '/v1/sign-in/passkey/options')
    expect(JSON.stringify(body)).not.toContain('allowCredentials":[{')
  })
})
