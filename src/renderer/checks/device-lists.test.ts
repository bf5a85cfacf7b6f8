import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Browser, Locator, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillFleet, fillGroups } from '#testing/fleet.ts'
import { TestOrganisation } from '#testing/world/organisation.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { openAdminWindow } from './admin-window.ts'
import { buildPages, launchBrowser } from './built-pages.ts'

const MANY = 10_000
/** Rows in sight at 720 pixels, with those that wait above and below. */
const ROWS_DRAWN_MAX = 60

let dist: string
let browser: Browser
let organisation: TestOrganisation

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-devices-'))
  organisation = await TestOrganisation.start()
  await buildPages(dist)
  const { state } = await organisation.window()
  const database = new Database(join(organisation.relay.dataDir, 'relay.db'))
  const organisationId = state.auth.organisation.id
  const groupIds = fillGroups(database, organisationId, 20)
  fillFleet(database, { organisationId, groupIds, devices: MANY, nowMs: Date.now() })
  database.close()
  // Filling took so long that what was connected before isn't any more.
  await organisation.relay.restart()
  browser = await launchBrowser()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await organisation?.relay.close()
  await rm(dist, { recursive: true, force: true })
})

async function open() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  return openAdminWindow(context, dist, { ...(await organisation.window()), headers: SECURITY_HEADERS })
}

const listOf = (page: Page): Locator => page.getByRole('grid', { name: 'Devices' }).locator('visible=true')
const rowCount = (page: Page) => listOf(page).getAttribute('aria-rowcount')

async function expectWhole(page: Page): Promise<void> {
  await page.getByRole('status').filter({ hasText: '10000 devices', visible: true }).waitFor()
  expect(await rowCount(page)).toBe(String(MANY + 1))
}

test('ten thousand devices of a relay: pages are asked for as they come in sight, and keys reach both ends', async () => {
  const { page, main } = await open()
  await expectWhole(page)
  const asked = () => main.calls.filter(({ name }) => name === 'listDevices').length
  expect(asked()).toBeLessThan(3)
  const grid = listOf(page)
  const scroller = grid.locator('xpath=..')
  for (const part of [0.1, 0.33, 0.5]) {
    await scroller.evaluate((element, at) => {
      element.scrollTop = element.scrollHeight * at
    }, part)
    const index = Math.floor(part * MANY)
    await grid.locator(`tr[aria-rowindex="${index + 2}"]`).waitFor()
    expect(await grid.getByRole('row').count()).toBeLessThan(ROWS_DRAWN_MAX)
  }
  expect(asked()).toBeLessThan(32)
  await grid.focus()
  await page.keyboard.press('End')
  await grid.locator(`tr[aria-rowindex="${MANY + 1}"][aria-selected=true]`).waitFor()
  await page.keyboard.press('Home')
  await grid.locator('tr[aria-rowindex="2"][aria-selected=true]').waitFor()
  await page.context().close()
}, 60_000)

test('the relay searches, filters and sorts; a change of one device is seen at once', async () => {
  const { page, main } = await open()
  await expectWhole(page)
  const rows = listOf(page).getByRole('row')
  await page.getByRole('searchbox').locator('visible=true').fill('kiosk-4241')
  await expect.poll(() => rows.count()).toBe(2)
  const [device] = (await main.call('listDevices', { q: 'kiosk-4241' })).devices
  if (!device) throw new Error('no such device')
  main.emit('devicesPatched', { changed: [{ ...device, busy: true, online: true }], removed: [] })
  await rows.filter({ hasText: 'In session' }).waitFor()
  main.emit('devicesPatched', { changed: [], removed: [device.id] })
  await expect.poll(() => rows.count()).toBeLessThan(2)
  await page.getByRole('searchbox').locator('visible=true').fill('')
  await page.getByRole('button', { name: 'Name', exact: true }).click()
  await expect.poll(() => main.calls.at(-1)?.args).toMatchObject({ sort: 'name', order: 'descending' })
  await rows
    .filter({ hasText: /turin-/ })
    .first()
    .waitFor()
  await page.getByRole('radio', { name: 'Online' }).click()
  await page.getByRole('heading', { name: 'No device is online' }).waitFor()
  await page.getByRole('button', { name: 'Show all devices' }).click()
  await expectWhole(page)
  await page.context().close()
}, 60_000)

test('all of a filtered list are selected for one act, whatever part of it was read', async () => {
  const { page } = await open()
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('navigation').getByRole('button', { name: 'Devices', exact: true }).click()
  await expectWhole(page)
  await page.getByRole('searchbox').locator('visible=true').fill('kiosk berlin')
  await page
    .getByRole('status')
    .filter({ hasText: /^\d{3,4} devices$/, visible: true })
    .waitFor()
  const count = Number(await rowCount(page)) - 1
  expect(count).toBeGreaterThan(300)
  await page.getByRole('checkbox', { name: 'Select every device that is listed' }).click()
  await page.getByText(`${count} selected`).waitFor()
  await page.getByRole('button', { name: 'Move…' }).click()
  await page.getByRole('dialog', { name: `Move ${count} devices` }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Clear the selection' }).click()
  await page.getByRole('combobox', { name: 'State' }).selectOption({ label: 'Online' })
  await page.getByRole('heading', { name: 'Nothing matches “kiosk berlin”' }).waitFor()
  await page.context().close()
}, 60_000)
