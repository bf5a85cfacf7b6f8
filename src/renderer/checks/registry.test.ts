import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PUT_PART_BYTES } from '#protocol/tools/registry.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { buildPages, launchBrowser } from './built-pages.ts'
import { EXPORTED, type FakeRegistry } from './fake-registry.ts'
import { openToolsWindow, showRegistry, type ToolsWindow } from './tools-window.ts'

// The built page under the shells' own policy; a real peer plays the device and its registry.
const SHOTS = process.env.HANDHOLD_SHOTS
const EXAMPLE = 'HKEY_CURRENT_USER\\Software\\Example'

let dist: string
let browser: Browser
let opened: ToolsWindow
let page: Page
let registry: FakeRegistry
let go: (path: string) => Promise<void>

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-registry-'))
  await buildPages(dist)
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await rm(dist, { recursive: true, force: true })
})
beforeEach(async () => {
  opened = await openToolsWindow(browser, dist, { scopes: ['view', 'control', 'registry'], headers: SECURITY_HEADERS })
  page = opened.page
  const shown = await showRegistry(opened)
  registry = shown.registry
  go = shown.go
  await page.getByRole('treeitem', { name: /HKEY_USERS/ }).waitFor()
  await go(EXAMPLE)
  await page.getByRole('row', { name: /^Colours/ }).waitFor()
})
afterEach(async () => {
  expect(opened.complaints).toEqual([])
  await opened.close()
})

const dialog = () => page.getByRole('dialog')
const shot = (name: string) => SHOTS && page.screenshot({ path: join(SHOTS, `registry-${name}.png`) })
async function chooseFile(name: string, bytes: Buffer): Promise<void> {
  const file = join(dist, name)
  await writeFile(file, bytes)
  await page.locator('input[type=file][accept=".reg"]').setInputFiles(file)
}

test('a file is imported after its name was read, in parts that follow on each other', async () => {
  const bytes = Buffer.from(EXPORTED.repeat(300))
  await chooseFile('till.reg', bytes)
  await page.getByRole('dialog', { name: 'Import till.reg?' }).waitFor()
  expect(registry.edits).toEqual([])
  await shot('import')
  await dialog().getByRole('button', { name: 'Import' }).click()
  await page.getByText('Done. The journal can undo it.').waitFor()
  const parts = registry.edits.flatMap(edit => (edit.do === 'put' ? [edit] : []))
  expect(parts.length).toBeGreaterThan(2)
  expect(parts.map(({ offset }) => offset)).toEqual(parts.map((_, index) => index * PUT_PART_BYTES))
  expect(Buffer.concat(parts.map(({ base64 }) => Buffer.from(base64, 'base64'))).equals(bytes)).toBe(true)
  expect(registry.edits.at(-1)).toEqual({ do: 'import' })
})

test('a file that the device can’t read says why where it was chosen, and one that is too long isn’t sent', async () => {
  await chooseFile('broken.reg', Buffer.from('nonsense'))
  registry.refusal = { code: 'registry-unreadable', message: 'There is something wrong in line 1.' }
  await dialog().getByRole('button', { name: 'Import' }).click()
  await dialog().getByText('There is something wrong in line 1.').waitFor()
  await page.keyboard.press('Escape')
  await dialog().waitFor({ state: 'detached' })
  const before = registry.edits.length
  await chooseFile('long.reg', Buffer.alloc(32 * 1024 * 1024 + 1))
  await page.getByText('The file is longer than 32 MiB.').waitFor()
  expect([await dialog().count(), registry.edits.length]).toEqual([0, before])
})

test('a key is exported whole, part by part, under its own name', async () => {
  await page.getByRole('button', { name: 'Export…' }).click()
  await page.getByText('Saved as Example.reg.').waitFor()
  expect(opened.main.regText).toBe(EXPORTED)
})

test('F2 renames the key or the value that has the focus, to a name that is one', async () => {
  await page.getByRole('tree').focus()
  await page.keyboard.press('F2')
  const name = dialog().getByRole('textbox', { name: 'Name' })
  const submit = dialog().getByRole('button', { name: 'Rename' })
  await page.getByRole('dialog', { name: 'Rename the key Example' }).waitFor()
  expect([await name.inputValue(), await submit.isDisabled()]).toEqual(['Example', true])
  await name.fill('Two\\names')
  await dialog().getByText('no backslash').waitFor()
  expect(await submit.isDisabled()).toBe(true)
  await shot('rename')
  await name.fill('Till')
  await page.keyboard.press('Enter')
  await dialog().waitFor({ state: 'detached' })
  expect(registry.edits).toEqual([{ do: 'rename', path: EXAMPLE, to: 'Till' }])

  await go(EXAMPLE)
  await page.getByRole('row', { name: /^Count/ }).click()
  await page.keyboard.press('F2')
  await page.getByRole('dialog', { name: 'Rename the value Count' }).waitFor()
  await name.fill('How many')
  await page.keyboard.press('Enter')
  await dialog().waitFor({ state: 'detached' })
  expect(registry.edits.at(-1)).toEqual({ do: 'rename-value', path: EXAMPLE, name: 'Count', to: 'How many' })
})

test('a search goes on until it is done, and Enter goes to what it found', async () => {
  await go('HKEY_CURRENT_USER\\Software')
  await page.getByText('This key has no values').waitFor()
  await page.getByRole('button', { name: 'Search…' }).click()
  await dialog().getByRole('textbox', { name: 'Text' }).fill('nowhere')
  await page.keyboard.press('Enter')
  await dialog().getByText('Nothing was found.').waitFor()

  await dialog().getByRole('textbox', { name: 'Text' }).fill('example')
  await dialog().getByText('Data', { exact: true }).click()
  await dialog().getByRole('button', { name: 'Search' }).click()
  await dialog().getByText('2 found.').waitFor()
  const asked = registry.asked.findLast(query => query.ask === 'search')
  expect(asked).toMatchObject({ path: 'HKEY_CURRENT_USER\\Software', text: 'example', in: ['keys', 'names'] })
  await dialog()
    .getByRole('row', { name: /Wine.*Name = Example/ })
    .waitFor()
  await shot('search')
  await dialog().getByRole('grid').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await dialog().waitFor({ state: 'detached' })
  await page.getByRole('treeitem', { name: 'Wine', selected: true }).waitFor()
})

test('a key is kept among the favourites, gone to from there, and dropped', async () => {
  const menu = () => page.getByRole('button', { name: 'Favourites' }).click()
  await menu()
  await page.getByRole('menuitem', { name: 'Keep this key' }).click()
  await expect.poll(() => opened.main.favourites).toContain(EXAMPLE)
  await go('HKEY_CURRENT_USER\\Environment')
  await page.getByRole('treeitem', { name: 'Environment', selected: true }).waitFor()
  await menu()
  await shot('favourites')
  await page.getByRole('menuitem', { name: EXAMPLE }).click()
  await page.getByRole('treeitem', { name: 'Example', selected: true }).waitFor()
  await menu()
  await page.getByRole('menuitem', { name: 'Drop this key' }).click()
  await expect.poll(() => opened.main.favourites).not.toContain(EXAMPLE)
})

test('the journal shows before and after, says what is undone, and why something can’t be', async () => {
  await page.getByRole('button', { name: 'Journal…' }).click()
  await dialog().getByRole('button', { name: 'Before and after' }).last().click()
  await dialog().getByText('"Count"=dword:000000ff').waitFor()
  registry.refusal = { code: 'registry-changed', message: 'It was changed meanwhile, so nothing was undone.' }
  await dialog().getByRole('button', { name: 'Undo 1' }).click()
  await dialog().getByText('It was changed meanwhile').waitFor()
  expect(await dialog().getByRole('button', { name: 'Undo 1' }).count()).toBe(1)
  const asked = () => registry.asked.filter(({ ask }) => ask === 'values').length
  const before = asked()
  await dialog().getByRole('button', { name: 'Undo 1' }).click()
  await dialog().getByText('undone').waitFor()
  expect(registry.edits).toEqual([
    { do: 'undo', edit: 1 },
    { do: 'undo', edit: 1 },
  ])
  expect(await dialog().getByRole('button', { name: /^Undo/ }).count()).toBe(1)
  // What is behind it is read again.
  await expect.poll(asked).toBeGreaterThan(before)
})
