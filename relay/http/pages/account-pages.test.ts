import type { Browser, Page } from 'playwright'
import { chromium } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  invitationReplySchema,
  linkReplySchema,
  secondFactorNeededSchema,
  ssoStartReplySchema,
} from '#protocol/identity-http.ts'
import { totpCode } from '#testing/authenticator-app.ts'
import { findFreePort } from '#testing/free-port.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'

const EMAIL = 'rosa@example.org'
const PASSWORD = 'seven slow winter trains'

let browser: Browser
let clock: ManualClock
let relay: TestRelay
let origin: string
let token: string
let page: Page
/** Console errors, uncaught errors and policy violations. */
let complaints: string[]
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
})
afterAll(() => browser.close())
beforeEach(async () => {
  const port = await findFreePort()
  // A name and no number: a passkey is never of an IP address.
  origin = `http://localhost:${port}`
  clock = new ManualClock()
  relay = await TestRelay.start({ clock, config: { port, publicUrl: origin } })
  token = await relay.signIn()
  complaints = []
  page = await (await browser.newContext()).newPage()
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    // The browser's own line about an answer that is a refusal.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status'))
      complaints.push(message.text())
  })
})
afterEach(async () => {
  await page.context().close()
  await relay.close()
})

async function invite(): Promise<string> {
  const { body } = await relay.call('POST', '/v1/invitations', { token, body: { email: EMAIL, role: 'operator' } })
  return `${origin}/invitation#${invitationReplySchema.parse(body).token}`
}

async function accept(link: string, name = 'Rosa Lindt'): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Make my account' }).click()
}

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
const signIn = () => relay.call('POST', '/v1/sign-in', { body: { email: EMAIL, password: PASSWORD } })

test('somebody who was invited makes their account in a browser, and its link is gone from the address', async () => {
  await accept(await invite())
  await heading('Your account is there')
  await page.getByText(origin, { exact: true }).waitFor()
  expect(page.url()).toBe(`${origin}/invitation`)
  expect(await signIn()).toMatchObject({ status: 200, body: { user: { name: 'Rosa Lindt', email: EMAIL } } })
  expect(complaints).toEqual([])
})

test('an authenticator app is set up there: key, QR code, recovery codes, and then it is asked for', async () => {
  await accept(await invite())
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByRole('img', { name: 'The key as a QR code' }).waitFor()
  const secret = (await page.getByLabel('Key', { exact: true }).textContent())?.replaceAll(' ', '') ?? ''
  const code = totpCode(secret, clock.nowMs())
  await page.getByLabel('Code', { exact: true }).fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByRole('alert').getByText('wrong').waitFor()
  await page.getByLabel('Code', { exact: true }).fill(`${code.slice(0, 3)} ${code.slice(3)}`)
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await heading('Keep these recovery codes')
  const codes = await page.getByRole('listitem').allTextContents()
  expect(codes).toHaveLength(10)
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes are left').waitFor()
  const { secondFactor } = secondFactorNeededSchema.parse((await signIn()).body)

  // The page itself asks for it too, and takes a recovery code.
  await page.goto(`${origin}/account`)
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByLabel(/recovery code/).fill(codes[0] ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('9 recovery codes are left').waitFor()
  clock.advance(30_000)
  const body = { ticket: secondFactor.ticket, code: totpCode(secret, clock.nowMs()) }
  expect((await relay.call('POST', '/v1/sign-in/second-factor', { body })).status).toBe(200)
  expect(complaints).toEqual([])
}, 60_000)

async function addPasskey(): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  })
  await accept(await invite())
  await page.getByLabel('Name of a new passkey').fill('Work laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('listitem').filter({ hasText: 'Work laptop' }).waitFor()
}

test('an app is signed in with a passkey: its page shows the code that the app waits for', async () => {
  await addPasskey()
  const { url, ticket } = ssoStartReplySchema.parse((await relay.call('POST', '/v1/sign-in/browser')).body)
  await page.goto(url)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await heading('Almost signed in')
  await page.getByText(`You are ${EMAIL}.`).waitFor()
  expect(page.url()).toBe(`${origin}/sign-in`)
  const code = (await page.getByText(/^\d{3} \d{3}$/).textContent())?.replace(' ', '')
  const signedIn = await relay.call('POST', '/v1/sign-in/sso/redeem', { body: { ticket, code } })
  expect(signedIn).toMatchObject({ status: 200, body: { user: { email: EMAIL } } })
  await page.goto('about:blank')
  await page.goto(url)
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await page.getByRole('alert').getByText('Start again from the app').waitFor()
  expect(complaints).toEqual([])
}, 60_000)

test('a passkey is added on the relay’s own page and signs in there', async () => {
  await addPasskey()
  await page.getByRole('button', { name: 'Sign out here' }).click()
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await heading('Rosa Lindt')
  await page.getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('listitem').waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
}, 60_000)

test('a link that was used, was never made or isn’t whole says so and makes nothing', async () => {
  const link = await invite()
  await accept(link)
  await heading('Your account is there')
  for (const spent of [link, `${origin}/invitation#${'x'.repeat(43)}`]) {
    await page.goto('about:blank')
    await accept(spent)
    await page.getByRole('alert').getByText('This link was used, is too old or was never made.').waitFor()
  }
  for (const path of ['/invitation', '/password-reset', '/sign-in']) {
    await page.goto(`${origin}${path}`)
    await heading('This link isn’t complete')
  }
}, 60_000)

test('a weak password is refused with words, and the form stays as it was', async () => {
  await page.goto(await invite())
  await page.getByLabel('Your name').fill('Rosa')
  await page.getByLabel('Password').fill('passwordpassword')
  await page.getByRole('button', { name: 'Make my account' }).click()
  await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
  expect(await page.getByLabel('Your name').inputValue()).toBe('Rosa')
})

test('a password link sets a new password, once, and ends what was signed in', async () => {
  const { user, ...account } = await relay.addOperator(token, EMAIL)
  const old = await relay.signIn(account)
  const { body } = await relay.call('POST', `/v1/operators/${user.id}/password-reset`, { token })
  await page.goto(`${origin}/password-reset#${linkReplySchema.parse(body).token}`)
  await page.getByLabel('New password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await heading('Your new password holds')
  expect((await relay.call('GET', '/v1/me', { token: old })).status).toBe(401)
  expect((await signIn()).status).toBe(200)
})

test('A110 a name that is markup stays text', async () => {
  const name = '<img src=x onerror=alert(1)>'
  await accept(await invite(), name)
  await heading('Your account is there')
  await page.getByRole('button', { name: 'Sign out here' }).click()
  await page.getByLabel('E-mail').fill(EMAIL)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await heading(name)
  expect(await page.locator('img').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('after five minutes an act that needs a fresh proof leads to signing in again', async () => {
  await accept(await invite())
  await heading('Your account is there')
  clock.advance(6 * 60_000)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await page.getByText('Sign in again to go on.').waitFor()
})

test('the pages run the relay’s own script and nothing else', async () => {
  for (const path of ['/invitation', '/password-reset', '/sign-in', '/account']) {
    const { headers, body } = await relay.call('GET', path)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    )
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(String(body).match(/<script[^>]*>[^<]*/g)).toEqual(['<script type="module" src="/pages/account.js">'])
    expect(String(body)).not.toMatch(/ on\w+=|style=/)
  }
})
