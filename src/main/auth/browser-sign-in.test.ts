import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OIDC_CLIENT, TestIdentityProvider } from '#testing/identity-provider.ts'
import { memorySecrets } from '#testing/memory-secrets.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { SettingsFile } from '../settings/settings.ts'
import { type Auth, setupAuth } from './auth.ts'

const EMAIL = 'eve@example.com'

let relay: TestRelay
let provider: TestIdentityProvider
let folder: string
let opened: string[]
let secrets: ReturnType<typeof memorySecrets>
let auth: Auth
/** How often the relay was asked how far the browser is; each time waits for the test's word. */
let asks: (() => void)[]

beforeEach(async () => {
  relay = await TestRelay.start({ allowLoopbackIssuers: true })
  provider = await TestIdentityProvider.start(() => `${relay.url}/v1/sign-in/sso/callback`)
  const { id: clientId, secret: clientSecret } = OIDC_CLIENT
  const body = { issuer: provider.issuer, clientId, clientSecret, domains: ['example.com'], createsAccounts: true }
  expect((await relay.call('PUT', '/v1/sso', { token: await relay.signIn(), body })).status).toBe(204)
  folder = await mkdtemp(join(tmpdir(), 'handhold-browser-'))
  opened = []
  asks = []
  secrets = memorySecrets()
  auth = setupAuth({
    secrets,
    settings: new SettingsFile(folder),
    browser: {
      openInBrowser: async url => void opened.push(url),
      wait: (_, signal) =>
        new Promise((resolve, reject) => {
          asks.push(resolve)
          signal.addEventListener('abort', () => reject(new Error('over')))
        }),
    },
  })
  await auth.restore()
})
afterEach(async () => {
  await relay.close()
  await provider.close()
  await rm(folder, { recursive: true, force: true })
})

/** What the person does in the browser; returns the code that it shows. */
async function goThrough(url = opened.at(-1) ?? ''): Promise<string> {
  const text = await (await fetch(await provider.browse(url))).text()
  return /(\d{3}) (\d{3})/.exec(text)?.slice(1).join('') ?? ''
}

test('single sign-on: the browser goes to the provider, its code completes the sign-in, a wrong one doesn’t', async () => {
  await auth.beginInBrowser({ relayUrl: relay.url, email: ` ${EMAIL}` })
  expect(auth.state.get()).toEqual({ name: 'browser', relayUrl: relay.url, isDone: false })
  expect(new URL(opened[0] ?? '').origin).toBe(provider.issuer)
  expect(secrets.kept.size).toBe(0)
  expect(JSON.stringify(auth.state.get())).not.toMatch(/ticket/)
  await expect(auth.finishInBrowser('123456')).rejects.toMatchObject({ code: 'sign-in-failed' })
  const code = await goThrough()
  asks.at(-1)?.()
  await waitFor('the browser is done', () => {
    const state = auth.state.get()
    return state.name === 'browser' && state.isDone
  })
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0')
  await expect(auth.finishInBrowser(wrong)).rejects.toMatchObject({ code: 'sign-in-failed' })
  await auth.finishInBrowser(code)
  expect(auth.state.get()).toMatchObject({ name: 'signed-in', user: { email: EMAIL } })
  const token = auth.credentials.get()?.token ?? ''
  expect((await relay.call('GET', '/v1/me', { token })).status).toBe(200)
})

test('who is signed in proves it again in the browser, without a new sign-in', async () => {
  await auth.beginInBrowser({ relayUrl: relay.url, email: EMAIL })
  await auth.finishInBrowser(await goThrough())
  const before = auth.credentials.get()
  await auth.beginProof(true)
  await auth.finishProof(await goThrough())
  expect(auth.credentials.get()).toBe(before)
  await expect(auth.finishProof('123456')).rejects.toMatchObject({ code: 'sign-in-failed' })
})

test('without an address the browser goes to the relay’s own page; back at the first step nothing is left of it', async () => {
  await auth.beginInBrowser({ relayUrl: relay.url, email: null })
  expect(opened[0]).toMatch(new RegExp(`^${relay.url}/sign-in#[\\w-]{43}$`))
  await auth.cancelSignIn()
  expect(auth.state.get()).toMatchObject({ name: 'signed-out', lastRelayUrl: relay.url })
  await expect(auth.finishInBrowser('123456')).rejects.toMatchObject({ code: 'sign-in-failed' })
})

test('an address without single sign-on is told so, and no browser opens', async () => {
  await expect(auth.beginInBrowser({ relayUrl: relay.url, email: 'x@elsewhere.example' })).rejects.toMatchObject({
    code: 'sso-unavailable',
  })
  expect(opened).toEqual([])
  expect(auth.state.get().name).toBe('signed-out')
})

test.each(['file:///etc/passwd', 'http://192.0.2.1/x', 'javascript:alert(1)', 'ms-settings:privacy'])(
  'A104 a relay that names %s opens nothing',
  async url => {
    const hostile = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ url, ticket: 't'.repeat(43), expiresAtMs: Date.now() + 60_000 }))
    })
    await new Promise<void>(resolve => hostile.listen(0, '127.0.0.1', resolve))
    const relayUrl = `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`
    await expect(auth.beginInBrowser({ relayUrl, email: null })).rejects.toBeInstanceOf(Error)
    expect(opened).toEqual([])
    hostile.close()
  },
)
