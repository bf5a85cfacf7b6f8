import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { approvalsReplySchema } from '#protocol/unattended/http.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestOrganisation } from '#testing/world/organisation.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { type AdminWindow, openAdminWindow } from './admin-window.ts'
import { buildPages, launchBrowser } from './built-pages.ts'
import { HOSTILE_TEXTS, hostileAdmin } from './hostile-admin.ts'

/** Rows in sight at 720 pixels, with those that wait above and below. */
const ROWS_DRAWN_MAX = 60

let dist: string
let browser: Browser
let organisation: TestOrganisation

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-admin-'))
  organisation = await TestOrganisation.start()
  await Promise.all([buildPages(dist), organisation.furnish()])
  await organisation.enrolDevices([
    ['ber-01', '/Branches/Berlin'],
    ['ber-02', '/Branches/Berlin'],
    ['ber-03', '/Branches/Berlin'],
    ['kiosk-01', '/Kiosks/Airports'],
  ])
  await organisation.fillHistory(1)
  browser = await launchBrowser()
}, 90_000)

afterAll(async () => {
  await browser?.close()
  await organisation?.relay.close()
  await rm(dist, { recursive: true, force: true })
})

async function open(change: Partial<AdminWindow> = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  return openAdminWindow(context, dist, { ...(await organisation.window()), ...change, headers: SECURITY_HEADERS })
}

async function showPage(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('navigation').getByRole('button', { name, exact: true }).click()
}

test('a script is written, waits for somebody else, runs on devices, and the app reads what it printed', async () => {
  await organisation.addScripts()
  const { page } = await open()
  await showPage(page, 'Scripts')
  await page.getByRole('button', { name: 'New script…' }).click()
  const editor = page.getByRole('dialog')
  await editor.getByLabel('Name').fill('Greet')
  await editor.getByLabel('Script', { exact: true }).fill('echo "$WHO"')
  await editor.getByRole('button', { name: 'Add a parameter' }).click()
  await editor.getByLabel('Variable').fill('who')
  await editor.getByLabel('Words for it').fill('Whom')
  await editor.getByRole('button', { name: 'Save for approval' }).click()
  await page.getByRole('row').filter({ hasText: 'Greet' }).filter({ hasText: 'Waits for approval' }).click()
  expect(await page.getByRole('button', { name: 'Approve', exact: true }).isDisabled()).toBe(true)

  await page.getByRole('row').filter({ hasText: 'Free disk space' }).click()
  await page.getByRole('button', { name: 'Run on devices…' }).click()
  const run = page.getByRole('dialog')
  await run.getByLabel('Reason').fill('INC-2041')
  await run.getByLabel('Nearly full at, in percent').fill('90')
  await run.getByRole('searchbox', { name: 'Find devices' }).fill('ber-0')
  await run.getByRole('checkbox', { name: 'ber-03' }).waitFor()
  await run.getByRole('checkbox', { name: 'kiosk-01' }).waitFor({ state: 'detached' })
  await run.getByRole('button', { name: 'Choose all shown' }).click()
  await run.getByRole('button', { name: 'Run on 3 devices' }).click()
  await page.getByText('2 done, 1 failed').waitFor()
  await page.getByRole('row').filter({ hasText: 'ber-03' }).click()
  await page.getByText('/ 97% 3.1G').waitFor()
  await page.getByRole('button', { name: 'Save as CSV…' }).click()
  await page.getByText(/^Saved as script-run-/).waitFor()
  await page.getByRole('button', { name: 'Run again on 1 device…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Run on 1 device' }).click()
  await page.getByText(/^1 failed/).waitFor()
})

test('an operator runs the scripts of their roles and changes none; a run that takes two waits until the second has read it', async () => {
  const { policy, people } = organisation
  const berlin = organisation.groupId('/Branches/Berlin')
  const role = await policy.addRole('Script runners', ['view', 'control', 'shell-user', 'unattended'])
  for (const name of ['Farid Rahimi', 'Hiroshi Tanaka']) await policy.assign(people.get(name) ?? '', role, berlin)
  await policy.set(berlin, { approval: 'required' })
  const openAs = async (mailbox: string) =>
    (await open(await organisation.window(await organisation.signIn(mailbox)))).page
  const farid = await openAs('farid.rahimi')
  await farid.getByRole('tab', { name: 'Scripts' }).click()
  const scripts = farid.getByRole('region', { name: 'Scripts' })
  await scripts.getByRole('row').filter({ hasText: 'Free disk space' }).click()
  expect(await farid.getByRole('button', { name: 'Run on devices…' }).count()).toBe(1)
  // What takes a right that they don't have, isn't approved, or is for administrators isn't there.
  expect(
    await scripts
      .getByRole('row')
      .filter({ hasText: /print queue|Greet/ })
      .count(),
  ).toBe(0)
  expect(await farid.getByRole('button', { name: /^(New script|New version|Delete|Approve)/ }).count()).toBe(0)
  await farid.getByRole('button', { name: 'Run on devices…' }).click()
  const run = farid.getByRole('dialog')
  await run.getByLabel('Reason').fill('INC-2042')
  await run.getByLabel('Nearly full at, in percent').fill('90')
  await run.getByRole('checkbox', { name: 'ber-01' }).check()
  await run.getByRole('button', { name: 'Run on 1 device' }).click()
  await farid.getByText('1 awaiting approval').waitFor()
  expect(await farid.getByRole('button', { name: 'Agree', exact: true }).count()).toBe(0)

  const token = await organisation.signIn('hiroshi.tanaka')
  const { page: hiroshi, main } = await open(await organisation.window(token))
  const { body } = await organisation.relay.call('GET', '/v1/approvals', { token })
  main.set({ approvals: approvalsReplySchema.parse(body).runs })
  await hiroshi.getByRole('button', { name: 'Sessions and runs that wait for your agreement' }).click()
  await hiroshi.getByRole('dialog').getByText('Farid Rahimi wants to run “Free disk space” on 1 device').waitFor()
  await hiroshi.getByRole('button', { name: 'Read “Free disk space”, which Farid Rahimi wants to run' }).click()
  const waits = hiroshi.getByRole('region', { name: 'Waits for your agreement' })
  for (const text of ['INC-2042', 'df -h --output=target', '90']) await waits.getByText(text).waitFor()
  expect(await hiroshi.getByRole('button', { name: 'Cancel the run…' }).count()).toBe(0)
  await waits.getByRole('button', { name: 'Agree', exact: true }).click()
  await farid.getByText(/^1 done/).waitFor()
  await farid.getByRole('row').filter({ hasText: 'ber-01' }).click()
  await farid.getByText('Hiroshi Tanaka').waitFor()
  await policy.set(berlin, {}, ['approval'])
  for (const page of [farid, hiroshi]) await page.context().close()
})

test('a session of now is ended by an administrator, and the audit says so', async () => {
  const { page } = await open()
  await showPage(page, 'Sessions')
  const live = page.getByRole('row').filter({ hasText: 'Live' })
  await live.click()
  await page.getByRole('button', { name: 'End the session…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click()
  await page.getByRole('row').filter({ hasText: 'Ended by an administrator' }).waitFor()
  await showPage(page, 'Audit')
  await page.getByRole('searchbox').fill('admin-ended')
  await page.getByRole('row').filter({ hasText: 'amira@northwind.example' }).first().click()
  await page.getByRole('complementary').getByText('admin-ended').waitFor()
  await page.context().close()
})

test('a report counts a month and is saved as a table', async () => {
  const window = await organisation.window()
  const { page } = await open(window)
  await showPage(page, 'Reports')
  await page.getByRole('img', { name: 'Sessions by day, by what the person answered' }).waitFor()
  const sessions = page.getByText('Sessions', { exact: true }).locator('xpath=following-sibling::dd')
  expect(Number(await sessions.textContent())).toBeGreaterThan(200)
  await page.getByRole('radio', { name: 'Operator' }).click()
  await page
    .getByRole('list', { name: /Sessions by operator/ })
    .getByText('Clara Lindqvist')
    .waitFor()
  await page.getByRole('button', { name: 'Save as CSV…' }).click()
  await page.getByText('Saved as sessions-by-operator.csv').waitFor()
  expect(window.saved.at(-1)).toMatch(/^day,operator,email,group,sessions,/)
  expect(window.saved.at(-1)).toContain('Clara Lindqvist,clara.lindqvist@northwind.example')
  await page.context().close()
})

test('a policy file shows what would change, is refused with the line that is wrong, and applied', async () => {
  const { page } = await open()
  await showPage(page, 'Policy file')
  const document = page.getByRole('textbox', { name: 'The policy as YAML' })
  await expect.poll(() => document.inputValue()).toContain('idleMinutes: 15')
  const before = await document.inputValue()
  const compare = page.getByRole('button', { name: 'Show what would change' })
  expect(await compare.isDisabled()).toBe(true)
  await document.fill(before.replace('idleMinutes: 15', 'idleMinuets: 15'))
  await compare.click()
  await page
    .getByRole('alert')
    .getByText(/[Ll]ine \d+.*idleMinuets/)
    .waitFor()
  await document.fill(before.replace('idleMinutes: 15', 'idleMinutes: 25'))
  await compare.click()
  const differences = page.getByRole('complementary', { name: 'What would change' })
  expect(await differences.getByRole('listitem').allTextContents()).toEqual(['~ setting /Kiosks idleMinutes: 15 -> 25'])
  await page.getByRole('button', { name: 'Apply all of it' }).click()
  await page.getByText('Applied: 1 change.').waitFor()
  expect(await document.inputValue()).toContain('idleMinutes: 25')
  await page.context().close()
})

test('several devices are picked by the keyboard and moved at once', async () => {
  const { page, main } = await open()
  await showPage(page, 'Devices')
  await page.getByRole('searchbox').fill('ber-')
  await page.getByText('3 devices').waitFor()
  await page.keyboard.press('ArrowDown')
  for (const key of ['Home', 'Space', 'ArrowDown', 'Space']) await page.keyboard.press(key)
  await page.getByText('2 selected').waitFor()
  await page.getByRole('button', { name: 'Move…' }).click()
  await page.getByRole('dialog', { name: 'Move 2 devices' }).getByRole('combobox').selectOption({ label: '/Warehouse' })
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  const moved = main.calls.filter(({ name }) => name === 'moveDevice')
  expect(moved).toHaveLength(2)
  const { state } = await organisation.window()
  const inWarehouse = state.devices.devices.filter(({ groupId }) => groupId === organisation.groupId('/Warehouse'))
  expect(inWarehouse.map(({ name }) => name)).toEqual(['ber-01', 'ber-02'])
  await page.context().close()
})

test('the record of a device: what it is made of, when it was connected, tags and notes', async () => {
  const { page, complaints } = await open()
  await showPage(page, 'Devices')
  await page.getByRole('row', { name: /ber-01/ }).click()
  const record = page.getByRole('complementary', { name: 'ber-01' })
  await record.getByRole('textbox', { name: 'Add a tag' }).fill('Two words')
  await record.getByText('A tag is one word').waitFor()
  for (const tag of ['Front.Desk', 'lab']) {
    await record.getByRole('textbox', { name: 'Add a tag' }).fill(tag)
    await page.keyboard.press('Enter')
    await record.getByRole('button', { name: `Remove the tag ${tag.toLowerCase()}` }).waitFor()
  }
  await record.getByRole('button', { name: 'Remove the tag lab' }).click()
  await expect.poll(() => record.getByRole('list', { name: 'Tags' }).textContent()).toBe('front.desk')

  await record.getByRole('radio', { name: 'Made of' }).click()
  await record.getByText('15 GiB').waitFor()
  for (const fact of ['ThinkPad T14', '80 %, charging', 'is encrypted', '466 GiB, 93 GiB free', 'ada.lovelace'])
    expect([fact, await record.getByText(fact).count()]).toEqual([fact, 1])
  await record.getByRole('radio', { name: 'Connected' }).click()
  await record.getByRole('listitem').filter({ hasText: 'until now' }).waitFor()

  await record.getByRole('radio', { name: 'Notes' }).click()
  await record.getByRole('textbox', { name: 'A new note' }).fill('The left screen flickers.\nReported to facilities.')
  await record.getByRole('button', { name: 'Add the note' }).click()
  await record
    .getByRole('listitem')
    .filter({ hasText: 'The left screen flickers.' })
    .getByText('Amira Haddad')
    .waitFor()
  await record.getByRole('button', { name: 'Delete the note of Amira Haddad' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await record.getByText('Nobody has written a note yet.').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a device that is off is woken by its neighbours, and the answer says how many there are', async () => {
  const { page } = await open()
  await showPage(page, 'Devices')
  await page.getByRole('row', { name: /kiosk-01/ }).click()
  await page.getByRole('button', { name: 'Wake it up' }).click()
  await page.getByText('No connected device is in its networks.').waitFor()
  await page.context().close()
})

test('a device that wrong passwords shut is said to be, and opened again', async () => {
  const { page, main } = await open()
  let isOff = true
  const allowUnattended = () => {
    isOff = false
  }
  main.admin = { ...main.admin, deviceAccess: () => ({ unattendedOff: isOff }), allowUnattended }
  await showPage(page, 'Devices')
  await page.getByRole('row', { name: /ber-01/ }).click()
  await page.getByText('Too many wrong passwords').waitFor()
  await page.getByRole('button', { name: 'Allow them again' }).click()
  await page.getByText('Too many wrong passwords').waitFor({ state: 'detached' })
  await page.context().close()
})

test('a filter is saved, applied by its name and deleted', async () => {
  const { page } = await open()
  await showPage(page, 'Devices')
  const rows = page.getByRole('grid', { name: 'Devices' }).getByRole('row')
  await expect.poll(() => rows.count()).toBe(5)
  await page.getByRole('combobox', { name: 'State' }).selectOption('offline')
  await page.getByRole('combobox', { name: 'System' }).selectOption('darwin')
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByRole('button', { name: 'Saved filters' }).click()
  await page.getByRole('menuitem', { name: 'Save this filter…' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Macs that are off')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Macs that are off' }).waitFor()
  await page.getByRole('textbox', { name: 'Tag' }).fill('nothing-has-this')
  await page.getByRole('heading', { name: 'Nothing fits these filters' }).waitFor()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect.poll(() => rows.count()).toBe(5)
  await page.getByRole('button', { name: 'Saved filters' }).click()
  await page.getByRole('menuitemradio', { name: 'Macs that are off' }).click()
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByRole('button', { name: 'Macs that are off' }).click()
  await page.getByRole('menuitem', { name: 'Delete “Macs that are off”…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Saved filters' }).waitFor()
  await page.context().close()
})

test('people are searched by the relay, and a name that nobody has says so', async () => {
  const { page, main } = await open()
  await showPage(page, 'People')
  await page.getByRole('row', { name: /Greta Nowak/ }).waitFor()
  await page.getByRole('searchbox').fill('hiro')
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  await page.getByRole('row', { name: /Hiroshi Tanaka/ }).waitFor()
  expect(main.calls.at(-1)).toEqual({ name: 'peoplePage', args: { search: 'hiro', cursor: undefined } })
  await page.getByRole('searchbox').fill('nobody at all')
  await page.getByRole('heading', { name: 'Nothing matches “nobody at all”' }).waitFor()
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await page.getByRole('row', { name: /Greta Nowak/ }).waitFor()
  await page.context().close()
})

test('the audit is filtered by the relay: by what, by whom, by device and by day', async () => {
  const { page } = await open()
  await showPage(page, 'Audit')
  const rows = page.getByRole('grid', { name: 'Audit' }).getByRole('row')
  const cells = async (column: number) => new Set(await rows.locator(`td:nth-child(${column})`).allTextContents())
  await page.getByLabel('Action').fill('role.created')
  await expect.poll(() => cells(3)).toEqual(new Set(['role.created']))
  await page.getByRole('textbox', { name: 'Who' }).fill('greta.nowak@northwind.example')
  await page.getByText('Nothing was written that fits these filters.').waitFor()
  await page.getByRole('textbox', { name: 'Who' }).fill('')
  await page.getByLabel('Action').fill('')
  await page.getByLabel('Device', { exact: true }).fill('kiosk-01')
  await expect
    .poll(async () => (await cells(3)).has('device.enrolled') && (await rows.count()) < 15, { timeout: 5_000 })
    .toBe(true)
  await page.getByLabel('To', { exact: true }).fill('2001-01-01')
  await page.getByText('Nothing was written that fits these filters.').waitFor()
  await page.context().close()
})

test('sessions are searched by the relay, in all that there were', async () => {
  const { page, main } = await open()
  await showPage(page, 'Sessions')
  await page.getByRole('radio', { name: 'Over' }).click()
  const grid = page.getByRole('grid', { name: 'Sessions' })
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('101')
  await page.getByRole('searchbox').fill('clara chg-3310')
  await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeLessThan(60)
  expect(await grid.getByRole('row').filter({ hasText: 'New scanner profile' }).count()).toBeGreaterThan(0)
  const operators = await grid.locator('td:nth-child(3)').allTextContents()
  expect(new Set(operators)).toEqual(new Set(['Clara Lindqvist']))
  expect(main.calls.at(-1)).toMatchObject({ name: 'sessions', args: { q: 'clara chg-3310', state: 'closed' } })
  await page.context().close()
})

test('a list grows by itself when its end comes near', async () => {
  const { page, main } = await open()
  await showPage(page, 'Sessions')
  await page.getByRole('radio', { name: 'Over' }).click()
  const grid = page.getByRole('grid', { name: 'Sessions' })
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe('101')
  await grid.focus()
  await page.keyboard.press('End')
  await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(150)
  const asked = main.calls.filter(({ name, args }) => name === 'sessions' && (args as { cursor?: string }).cursor)
  expect(asked).toHaveLength(1)
  expect(await page.getByRole('row').count()).toBeLessThan(ROWS_DRAWN_MAX)
  await page.context().close()
})

test('a request that waits for its device has a list of its own', async () => {
  const { state } = await organisation.window()
  const offline = state.devices.devices.find(({ name }) => name === 'kiosk-01')
  const { publicKey } = await makeTestKey()
  const wish = { deviceId: offline?.id, reason: 'Paper is out', ticket: null, scopes: ['view'], operatorKey: publicKey }
  await organisation.policy.call('POST', '/v1/sessions', wish)
  const { page } = await open()
  await showPage(page, 'Sessions')
  await page.getByRole('radio', { name: 'Waiting for their device' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Paper is out' })
  await expect.poll(() => row.textContent()).toContain('Waiting for the device')
  expect(await page.getByRole('grid', { name: 'Sessions' }).getAttribute('aria-rowcount')).toBe('2')
  await page.context().close()
})

test('A110 whatever strangers write is shown as text on every administration page', async () => {
  const window = await organisation.window()
  const { admin, devices } = hostileAdmin()
  const state = { ...window.state, devices: { error: null, devices } }
  const { page, complaints, requests } = await open({ ...window, admin: { ...window.admin, ...admin }, state })
  const lists = ['People', 'Trust', 'Roles', 'Devices', 'Enrolment', 'Sessions', 'Audit', 'API keys', 'Webhooks']
  for (const name of lists) {
    await showPage(page, name)
    for (const text of HOSTILE_TEXTS) await page.getByRole('row').filter({ hasText: text }).first().waitFor()
    await page
      .getByRole('row')
      .filter({ hasText: HOSTILE_TEXTS[0] ?? '' })
      .first()
      .click()
    await page.getByRole('complementary').waitFor()
    expect(await overflow(page)).toBe(0)
    if (name === 'Webhooks') {
      await page.getByRole('radio', { name: 'Given up' }).first().click()
      for (const text of HOSTILE_TEXTS) await page.getByRole('row').filter({ hasText: text }).first().waitFor()
      await page.getByRole('row').nth(1).click()
      await page.getByText('About').waitFor()
      expect(await overflow(page)).toBe(0)
    }
    if (name !== 'Devices') continue
    for (const part of ['Made of', 'Connected', 'Notes']) {
      await page.getByRole('radio', { name: part }).click()
      await page
        .getByRole('complementary')
        .getByText(/script>|until now/)
        .first()
        .waitFor()
      expect(await overflow(page)).toBe(0)
    }
    await page.getByRole('button', { name: 'Saved filters' }).click()
    for (const text of HOSTILE_TEXTS) await page.getByRole('menuitemradio').filter({ hasText: text }).waitFor()
    await page.keyboard.press('Escape')
  }
  await showPage(page, 'Groups and settings')
  for (const text of HOSTILE_TEXTS) await page.getByRole('treeitem').filter({ hasText: text }).first().waitFor()
  await showPage(page, 'Explain access')
  await page.getByText('rights are allowed').waitFor()
  expect(await page.locator('#root img, #root script, #root style, #root a').count()).toBe(0)
  expect(requests).toHaveLength(3)
  expect(complaints).toEqual([])
  await page.context().close()
}, 60_000)

/** How much wider than the window the page has become. */
const overflow = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth))
