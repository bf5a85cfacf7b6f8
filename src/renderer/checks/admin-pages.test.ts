import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { HEAD, TestOrganisation } from '#testing/world/organisation.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { openAdminWindow } from './admin-window.ts'
import { buildPages, launchBrowser } from './built-pages.ts'

const clock = new ManualClock()
let dist: string
let browser: Browser
let organisation: TestOrganisation

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-admin-'))
  organisation = await TestOrganisation.start({ clock, allowLoopbackWebhooks: true })
  await Promise.all([buildPages(dist), organisation.furnish()])
  await organisation.enrolDevices([
    ['ber-01', '/Branches/Berlin'],
    ['kiosk-01', '/Kiosks/Airports'],
  ])
  browser = await launchBrowser()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await organisation?.relay.close()
  await rm(dist, { recursive: true, force: true })
})

async function openAs(token = organisation.token) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  return openAdminWindow(context, dist, { ...(await organisation.window(token)), headers: SECURITY_HEADERS })
}

const administration = (page: Page) => page.getByRole('tab', { name: 'Administration' })
const dialog = (page: Page) => page.getByRole('dialog')

async function showPage(page: Page, name: string): Promise<void> {
  await administration(page).click()
  await page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
}

test('who administers nothing sees no entry, and the relay refuses the calls behind it with words', async () => {
  const email = 'clara.lindqvist@northwind.example'
  const token = await organisation.relay.signIn({ email, password: 'nine purple teapots here' })
  const { page, main } = await openAs(token)
  await page.getByRole('tab', { name: 'Devices' }).waitFor()
  await expect.poll(() => main.calls.map(({ name }) => name)).toContain('administration')
  expect(await administration(page).count()).toBe(0)
  await expect(main.call('people', undefined)).rejects.toMatchObject({ code: 'forbidden', message: /administrator/ })
  await page.context().close()
})

test('an auditor sees audit and reports and nothing else', async () => {
  const email = 'greta.nowak@northwind.example'
  const token = await organisation.relay.signIn({ email, password: 'nine purple teapots here' })
  const { page } = await openAs(token)
  await administration(page).click()
  const entries = page.getByRole('navigation', { name: 'Administration' }).getByRole('button')
  expect(await entries.allTextContents()).toEqual(['Reports', 'Audit'])
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('button', { name: 'Audit' }).click()
  await page.getByRole('grid', { name: 'Audit' }).waitFor()
  await page.context().close()
})

test('a role is made by the keyboard alone, and the command palette leads to its page', async () => {
  const { page, complaints } = await openAs()
  await administration(page).waitFor()
  for (const key of ['Control+k', 'Enter']) {
    if (key === 'Enter') await page.keyboard.type('administration roles')
    await page.keyboard.press(key)
  }
  await page.getByRole('grid', { name: 'Roles' }).waitFor()
  await page.getByRole('button', { name: 'New role…' }).press('Enter')
  await page.keyboard.type('Night shift')
  await page.getByRole('checkbox', { name: 'Command line, as the system' }).press('Space')
  await page.keyboard.press('Enter')
  await dialog(page).waitFor({ state: 'detached' })
  const row = page.getByRole('row', { name: /Night shift/ })
  await row.waitFor()
  expect(await row.textContent()).toContain('See the screen, Command line, as the system')

  await page.getByRole('grid', { name: 'Roles' }).focus()
  for (const key of ['End', 'Home', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
  await page.getByRole('complementary', { name: 'Auditor' }).waitFor()
  await page.keyboard.press('Escape')
  expect(await page.getByRole('complementary').count()).toBe(0)
  expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('A25 an act that needs a fresh proof asks for it, tells a wrong password, and then goes on by itself', async () => {
  const { page } = await openAs()
  await showPage(page, 'People')
  clock.advance(6 * 60_000)
  await page.getByRole('button', { name: 'Invite…' }).click()
  await page.getByRole('textbox', { name: 'E-mail' }).fill('new.colleague@northwind.example')
  await page.getByRole('button', { name: 'Make the link' }).click()
  const proof = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await proof.getByLabel('Password').fill('not this one')
  await proof.getByRole('button', { name: 'Confirm' }).click()
  await proof.getByRole('alert').getByText('wrong').waitFor()
  await proof.getByLabel('Password').fill(HEAD.password)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'The invitation of new.colleague@northwind.example' }).waitFor()
  expect(await dialog(page).locator('code').textContent()).toMatch(
    /^https:\/\/relay\.northwind\.example\/invitation#\S+$/,
  )
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('radio', { name: 'Invitations' }).click()
  await page.getByRole('row', { name: /new\.colleague/ }).waitFor()
  await page.context().close()
})

test('a proof that is declined changes nothing and says so', async () => {
  const { page } = await openAs()
  await showPage(page, 'Roles')
  clock.advance(6 * 60_000)
  await page.getByRole('row', { name: /Kiosk team/ }).click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor()
  await page.keyboard.press('Escape')
  await dialog(page).getByRole('alert').getByText('Nothing was changed').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('row', { name: /Kiosk team/ }).waitFor()
  await organisation.relay.call('POST', '/v1/me/step-up', {
    token: organisation.token,
    body: { password: HEAD.password },
  })
  await page.context().close()
})

test('the last administrator can’t be demoted: the dialog stays and says why', async () => {
  const { page } = await openAs()
  const ben = organisation.people.get('Ben Okafor') ?? ''
  await organisation.policy.call('PATCH', `/v1/operators/${ben}`, { role: 'operator' })
  await showPage(page, 'People')
  await page.getByRole('row', { name: /Amira Haddad/ }).click()
  await page.getByRole('button', { name: 'Make operator…' }).click()
  await page.getByRole('button', { name: 'Change the role' }).click()
  await dialog(page)
    .getByRole('alert')
    .getByText(/administrator/)
    .waitFor()
  await organisation.policy.call('PATCH', `/v1/operators/${ben}`, { role: 'admin' })
  await page.context().close()
})

test('somebody is switched off, can’t sign in, and is switched on again', async () => {
  await organisation.stepUp()
  const { page } = await openAs()
  await showPage(page, 'People')
  const person = page.getByRole('row', { name: /Farid Rahimi/ })
  await person.click()
  await page.getByRole('button', { name: 'Switch off…' }).click()
  await dialog(page).getByRole('button', { name: 'Switch off' }).click()
  await expect.poll(() => person.textContent()).toContain('Switched off')
  const account = { email: 'farid.rahimi@northwind.example', password: 'nine purple teapots here' }
  expect((await organisation.relay.call('POST', '/v1/sign-in', { body: account })).status).toBe(401)
  await page.getByRole('button', { name: 'Switch on…' }).click()
  await dialog(page).getByRole('button', { name: 'Switch on' }).click()
  await expect.poll(() => person.textContent()).not.toContain('Switched off')
  await organisation.relay.signIn(account)
  await page.context().close()
})

test('a group takes settings over from above until it says its own, and back', async () => {
  const { page } = await openAs()
  await showPage(page, 'Groups and settings')
  await page.getByRole('treeitem', { name: 'Airports' }).click()
  const clipboard = page.getByRole('row', { name: /^Clipboard/ })
  await expect.poll(() => clipboard.textContent()).toMatch(/Off\/Kiosks$/)
  await clipboard.getByRole('button', { name: 'Change Clipboard' }).click()
  await dialog(page).getByRole('combobox', { name: 'Clipboard' }).selectOption('to-device')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => clipboard.textContent()).toMatch(/To the deviceThis group$/)
  await clipboard.getByRole('button', { name: 'Change Clipboard' }).click()
  await page.getByRole('radio', { name: 'As the group above' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => clipboard.textContent()).toMatch(/Off\/Kiosks$/)
  await page.context().close()
})

test('the explanation names the deciding line', async () => {
  const { page } = await openAs()
  await showPage(page, 'Explain access')
  await page
    .getByRole('combobox', { name: 'Person' })
    .selectOption({ label: 'Eszter Kovács (eszter.kovacs@northwind.example)' })
  await page.getByRole('searchbox', { name: 'Find the device' }).fill('kiosk')
  const restart = page.getByRole('row', { name: /^Restart the device/ })
  await expect.poll(() => restart.textContent()).toContain('Allowedallow role "Kiosk team" in /Kiosks')
  await expect
    .poll(() => page.getByRole('row', { name: /^Command line, as the system/ }).textContent())
    .toContain('not in role "Kiosk team"')
  await page.context().close()
})

test('an enrolment token is made with its one-line commands, and revoking it names what follows', async () => {
  const { page } = await openAs()
  await showPage(page, 'Enrolment')
  await page.getByRole('button', { name: 'New token…' }).click()
  await dialog(page).getByLabel('Name').fill('Spring')
  await dialog(page).getByLabel('Only from networks').fill('nonsense')
  expect(await page.getByRole('button', { name: 'Make the token' }).isDisabled()).toBe(true)
  await dialog(page).getByLabel('Only from networks').fill('192.0.2.0/24')
  await page.getByRole('button', { name: 'Make the token' }).click()
  const token = await dialog(page).locator('code').first().textContent()
  expect(token).toMatch(/^hhe_/)
  for (const platform of ['Linux', 'Windows', 'macOS']) {
    await page.getByRole('radio', { name: platform }).click()
    expect(await dialog(page).locator('code').last().textContent()).toContain(token)
    expect(await dialog(page).getByText(`there is no agent for ${platform} yet`).count()).toBe(
      platform === 'Linux' ? 0 : 1,
    )
  }
  await page.getByRole('radio', { name: 'Windows' }).click()
  await dialog(page).getByText('Every user of the machine can read the token there').waitFor()
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /Spring/ }).click()
  await page.getByRole('button', { name: 'Revoke…' }).click()
  await page.getByRole('dialog', { name: 'Revoke the token “Spring”?' }).waitFor()
  await page.getByRole('button', { name: 'Revoke and quarantine' }).click()
  await expect.poll(() => page.getByRole('row', { name: /Spring/ }).textContent()).toContain('Revoked')
  await page.context().close()
})

test('a webhook is made, its secret shown once, a test sent, and what did not arrive sent again', async () => {
  let answer = 500
  const signatures: unknown[] = []
  const receiver = createServer((request, response) => {
    signatures.push(request.headers['webhook-signature'])
    response.writeHead(answer).end()
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  await organisation.stepUp()
  const { page } = await openAs()
  await showPage(page, 'Webhooks')
  await page.getByRole('heading', { name: 'No webhook yet' }).waitFor()
  await page.getByRole('button', { name: 'New webhook…' }).first().click()
  await dialog(page).getByLabel('Name').fill('Ticket system')
  await dialog(page).getByLabel('Address').fill('nonsense')
  expect(await page.getByRole('button', { name: 'Make the webhook' }).isDisabled()).toBe(true)
  await dialog(page).getByLabel('Address').fill(url)
  await page.getByRole('button', { name: 'Make the webhook' }).click()
  expect(await dialog(page).locator('code').first().textContent()).toMatch(/^whsec_\S{40,}$/)
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('row', { name: /Ticket system/ }).click()
  const deliveries = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem')
  /** The relay's next look at what is due, until the window shows what came of it. */
  const shows = (text: string) =>
    expect
      .poll(
        async () => {
          clock.advance(1_000)
          return deliveries.first().textContent()
        },
        { timeout: 15_000 },
      )
      .toContain(text)
  await page.getByRole('button', { name: 'Send a test' }).click()
  await shows('The receiver answered 500.')
  expect(await deliveries.first().textContent()).toContain('Will be tried again')
  // The same one in the list over all receivers.
  await page.getByRole('radio', { name: 'Given up' }).first().click()
  await page.getByRole('heading', { name: 'Nothing was given up' }).waitFor()
  await page.getByRole('radio', { name: 'Being tried again' }).click()
  await page.getByRole('row', { name: /A test.*Ticket system.*answered 500/ }).click()
  answer = 204
  await page.getByRole('button', { name: 'Try now' }).click()
  const nothingLeft = page.getByRole('heading', { name: 'Nothing is being tried again' })
  await expect
    .poll(
      () => {
        clock.advance(1_000)
        return nothingLeft.isVisible()
      },
      { timeout: 15_000 },
    )
    .toBe(true)
  await page.getByRole('radio', { name: 'Receivers' }).click()
  await page.getByRole('row', { name: /Ticket system/ }).click()
  await shows('Arrived')
  await deliveries.first().getByRole('button', { name: 'Send webhook.ping again' }).click()
  await expect.poll(() => deliveries.count()).toBe(2)
  await page.getByRole('complementary').getByRole('radio', { name: 'Given up' }).click()
  await page.getByText('None of these.').waitFor()
  expect(signatures.every(signature => /^v1,/.test(String(signature)))).toBe(true)
  await page.getByRole('button', { name: 'Delete…' }).click()
  await dialog(page).getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'No webhook yet' }).waitFor()
  receiver.close()
  await page.context().close()
}, 60_000)

test('what holds for the organisation: an issuer that doesn’t answer is refused with words, how long things are kept is saved', async () => {
  await organisation.stepUp()
  const { page } = await openAs()
  await showPage(page, 'Organisation')
  const signOn = page.getByRole('form', { name: 'Single sign-on' })
  expect(await signOn.locator('code').textContent()).toMatch(/\/v1\/sign-in\/sso\/callback$/)
  const save = signOn.getByRole('button', { name: 'Save' })
  await signOn.getByLabel('Issuer').fill('https://127.0.0.1:9/')
  await signOn.getByLabel('Client ID').fill('handhold')
  await signOn.getByLabel('Domains').fill('northwind.example, not a domain!')
  await signOn.getByText('One of these isn’t a domain.').waitFor()
  await signOn.getByLabel('Domains').fill('Northwind.example')
  expect(await save.isDisabled()).toBe(true)
  await signOn.getByLabel('Client secret').fill('a secret of theirs')
  await signOn.getByLabel('Client secret').press('Enter')
  await signOn.getByRole('alert').waitFor()
  expect(await signOn.getByRole('button', { name: 'Turn off…' }).count()).toBe(0)
  const kept = page.getByRole('form', { name: 'How long things are kept' })
  await kept.getByLabel('Audit, days').fill('29')
  expect(await kept.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await kept.getByLabel('Audit, days').fill('400')
  await kept.getByLabel('Audit, days').press('Enter')
  await kept.getByText('Saved.').waitFor()
  await kept.getByText('400 days now').waitFor()
  expect((await organisation.policy.call('GET', '/v1/retention')).body).toMatchObject({ own: { auditDays: 400 } })
  await page.context().close()
})

test('an empty list says what to do, and a failed one why and what next', async () => {
  const { page, main } = await openAs()
  const { apiKeys } = main.admin
  main.admin = { ...main.admin, apiKeys: () => ({ apiKeys: [], nextCursor: null }) }
  await showPage(page, 'API keys')
  await page.getByRole('heading', { name: 'No API key yet' }).waitFor()
  main.refusals.set('apiKeys', {
    code: 'relay-unreachable',
    message: 'The relay can’t be reached. Check your connection.',
  })
  await page.getByRole('button', { name: 'Refresh the list' }).click()
  await page.getByRole('alert').getByText('Check your connection').waitFor()
  main.admin = { ...main.admin, ...(apiKeys ? { apiKeys } : {}) }
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('row', { name: /Ticket system/ }).waitFor()
  await page.context().close()
})
