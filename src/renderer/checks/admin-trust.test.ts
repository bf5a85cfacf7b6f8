import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { meReplySchema } from '#protocol/http.ts'
import { signProof } from '#protocol/proof.ts'
import { keyWords } from '#protocol/trust/key-words.ts'
import { makeTestKey } from '#testing/keys.ts'
import { TestOrganisation } from '#testing/world/organisation.ts'
import { openAdminWindow } from './admin-window.ts'
import { buildPages, launchBrowser } from './built-pages.ts'

let dist: string
let browser: Browser
let organisation: TestOrganisation

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-trust-'))
  organisation = await TestOrganisation.start({})
  await Promise.all([buildPages(dist), organisation.furnish()])
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await organisation?.relay.close()
  await rm(dist, { recursive: true, force: true })
})

const dialog = (page: Page) => page.getByRole('dialog')

/** An operator's app makes its key known; returns its words. */
async function registerApp(email: string): Promise<string> {
  const token = await organisation.relay.signIn({ email, password: 'nine purple teapots here' })
  const me = meReplySchema.parse((await organisation.relay.call('GET', '/v1/me', { token })).body)
  const { publicKey: key, privateKey, thumbprint } = await makeTestKey()
  const claims = { operatorId: me.user.id, organisationId: me.organisation.id, key }
  const body = { key, computer: 'desk-7', proof: await signProof('operatorKey', claims, privateKey, key) }
  expect((await organisation.relay.call('POST', '/v1/me/operator-keys', { token, body })).status).toBe(204)
  return keyWords(thumbprint).join(' ')
}

test('the organisation’s key is made, certifies an app by the words that its person reads, and lets certified operators in alone', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  const { page, complaints } = await openAdminWindow(context, dist, await organisation.window())
  const words = await registerApp('clara.lindqvist@northwind.example')
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('navigation').getByRole('button', { name: 'Trust', exact: true }).click()
  await page.getByRole('button', { name: 'Make the organisation’s key' }).click()
  await page.getByText('Not backed up.').waitFor()

  await page.getByRole('row').filter({ hasText: 'desk-7' }).click()
  await page.getByRole('button', { name: 'Certify…' }).click()
  const field = page.getByRole('textbox', { name: 'The eight words' })
  await field.fill(words.replace(/^\w+/, 'abandon'))
  await page.keyboard.press('Enter')
  await dialog(page).getByText('certify nothing').waitFor()
  expect(await dialog(page).textContent()).not.toContain(words)
  await field.fill(words)
  await page.keyboard.press('Enter')
  await dialog(page).waitFor({ state: 'detached' })
  await page.getByRole('row').filter({ hasText: 'Certified' }).waitFor()

  await page.getByRole('button', { name: 'Take certified operators only…' }).click()
  await dialog(page).getByRole('button', { name: 'Take certified operators only' }).click()
  await page.getByText('Only certified operators come in').waitFor()

  await page.getByRole('button', { name: 'Key', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Recovery phrase…' }).click()
  await expect.poll(() => dialog(page).getByRole('listitem').count()).toBe(24)
  // On paper are the words and whose they are, and nothing of the window around them.
  const printing = page.evaluate(() => new Promise(resolve => Object.assign(window, { print: () => resolve('asked') })))
  await dialog(page).getByRole('button', { name: 'Print' }).click()
  expect(await printing).toBe('asked')
  await page.emulateMedia({ media: 'print' })
  const seen = await page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter(element => getComputedStyle(element).visibility === 'visible' && element.children.length === 0)
      .map(element => element.textContent.trim())
      .filter(text => text !== ''),
  )
  const [heading = '', ...words24] = seen
  expect([heading, words24.length, words24.every(word => /^[a-z]{3,8}$/.test(word))]).toEqual([
    expect.stringContaining('Northwind'),
    24,
    true,
  ])
  await page.emulateMedia({ media: 'screen' })
  await dialog(page).getByRole('button', { name: 'Done' }).click()
  expect(complaints).toEqual([])
  await context.close()
}, 60_000)
