import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { TOOLS } from '../../protocol/tools/tools.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { startWindowManager } from '../../testing/window-manager.ts'
import { hasWine, WinePrefix } from '../../testing/wine-prefix.ts'
import { OperatorPage } from '../../testing/world/operator-page.ts'
import { startOperatorProgram } from '../../testing/world/operator-program.ts'
import { administratorCalls } from '../../testing/world/relay-calls.ts'
import type { RelayProgram } from '../../testing/world/relay-program.ts'
import { startXDisplay } from '../../testing/x-display.ts'
import { type Device, openDevice } from '../fixtures/device.ts'
import { hostProcessOf } from '../fixtures/device-facts.ts'
import {
  believeInTools,
  loseConnections,
  openUp,
  requestToolByHand,
  sendTools,
  type ToolsMessage,
  toolsHeard,
  toolsSent,
} from '../fixtures/hostile-operator.ts'
import { test as base, expect } from '../fixtures/test.ts'

/** Whose desktop it is: the service is root, as on a device that has it installed, and the session runs as this user. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const isRoot = process.getuid?.() === 0

const test = base.extend<object, { wine: WinePrefix | undefined; device: Device; colleague: OperatorPage }>({
  wine: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this pattern
    async ({}, use) => {
      const wine = hasWine ? await WinePrefix.make(NOBODY) : undefined
      await use(wine)
      await wine?.close()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  device: [
    async ({ relay, wine }, use) => {
      const device = await openDevice(relay, undefined, { desktopUser: NOBODY, wine })
      await use(device)
      await device.stop()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  /** Somebody whose role has no tools, at an app of their own. */
  colleague: [
    async ({ relay }, use) => {
      const { window, close } = await openApp()
      await openUp(window.page)
      await window.signIn(relay.url, await relay.addColleague('rosa@riverside.example', 'operator'))
      await use(window)
      await close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})
/** An operator's app of its own, on a display of its own. */
async function openApp() {
  const display = await startXDisplay({ width: 1440, height: 900 })
  const windowManager = await startWindowManager(display.name, { maximize: true })
  const program = await startOperatorProgram({ display: display.name })
  const close = async () => {
    await program.stop()
    await windowManager.stop()
    await display.stop()
  }
  return { window: new OperatorPage(program.page), close }
}

// Two apps and three helpers start in it.
test.describe.configure({ timeout: 180_000 })
test.skip(!isRoot, 'the elevated helper is root where the service is')

test('each tool is used for real: root’s shell and the user’s, processes, services', async ({ operator, device }) => {
  const { page } = operator
  await openUp(page)
  await operator.showDevices()
  await operator.requestSession('Printer on the second floor', { tools: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  const host = (await hostProcessOf(device)) ?? 0
  expect((await stat(`/proc/${host}`)).uid).toBe(NOBODY.uid)

  await operator.openTool('Shell')
  await expect(page.getByText('runs as root')).toBeVisible()
  await operator.openPlainShell()
  await operator.typeInShell('id\n')
  await operator.shellShows('uid=0(root)')
  await operator.typeInShell('echo "for $HANDHOLD_OPERATOR"\n')
  await operator.shellShows('for Ada Brandt <ada@riverside.example>')
  await page.getByRole('button', { name: 'Close the tools' }).click()

  await operator.openTool('Shell of the user')
  await expect(page.getByText('runs as nobody')).toBeVisible()
  await operator.typeInShell('id; cat /etc/shadow\n')
  await operator.shellShows('uid=65534(nobody)')
  await operator.shellShows('Permission denied')
  await page.getByRole('button', { name: 'Close the tools' }).click()

  await useProcesses(operator, device)

  await operator.openTool('Services')
  if (existsSync('/run/systemd/system'))
    await expect(page.getByRole('row', { name: /\.service/ }).first()).toBeVisible()
  else await expect(page.getByText('isn’t run by systemd')).toBeVisible()
  await operator.endSession()
  await expect(operator.overTitle('You ended the session')).toBeVisible()
})

test('a connection that is lost comes back with its shell: what it printed is there again, and what runs in it goes on', async ({
  operator,
  device,
}) => {
  const { page } = operator
  await openUp(page)
  await operator.showDevices()
  await operator.requestSession('Over a bad network', { tools: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  await operator.openTool('Shell')
  await operator.openPlainShell()
  await operator.typeInShell('kept=here; echo before-$((1+1))\n')
  await operator.shellShows('before-2')
  const host = await hostProcessOf(device)

  await loseConnections(page)
  await expect(page.getByRole('heading', { name: 'Shell' })).toBeVisible()
  await expect(page.getByText('The connection is interrupted')).toBeVisible()
  await operator.firstFrameAtMs(60_000)
  await operator.shellShows('before-2')
  await operator.typeInShell('echo after-$kept\n')
  await operator.shellShows('after-here')
  expect(await hostProcessOf(device)).toBe(host)
  await operator.endSession()
  await expect(operator.overTitle('You ended the session')).toBeVisible()
})

/** Slows one process down, stops it, lets it go on and ends it, each from its row. */
async function useProcesses(operator: OperatorPage, device: Device): Promise<void> {
  const { page } = operator
  const victim = spawn('/bin/sleep', ['4242'], { stdio: 'ignore' })
  const ended = new Promise(resolve => victim.once('exit', (_, signal) => resolve(signal)))
  const fields = async () => (await readFile(`/proc/${victim.pid}/stat`, 'latin1')).split(') ')[1]?.split(' ') ?? []
  await operator.openTool('Processes')
  const find = page.getByLabel('Find a process').first()
  await find.fill('sleep 4242')
  await page.getByRole('row', { name: /sleep/ }).first().click()
  await page.getByRole('button', { name: 'Priority' }).click()
  await page.getByRole('menuitemradio', { name: /^Low/ }).click()
  await waitFor('the lower priority', async () => (await fields())[16] === '10')
  await page.getByRole('button', { name: 'Suspend', exact: true }).click()
  await waitFor('the process to be stopped', async () => (await fields())[0] === 'T')
  await page.getByRole('button', { name: 'Resume', exact: true }).click()
  await waitFor('the process to go on', async () => (await fields())[0] === 'S')
  await page.getByRole('button', { name: 'End', exact: true }).click()
  await page.getByRole('button', { name: 'End sleep' }).click()
  expect(await ended).toBe('SIGTERM')

  // A85: what keeps the device and the session running is left alone.
  await find.fill(String(device.program.pid))
  await page.getByRole('row').getByText(String(device.program.pid), { exact: true }).click()
  await expect(page.getByRole('button', { name: 'Force end' })).toBeDisabled()
}

test('the registry is used for real: a value of each type made, exported, and every edit undone to the byte', async ({
  operator,
  operatorProgram,
  device,
  relay,
  wine,
}) => {
  test.skip(!wine, 'there is no Wine here')
  if (!wine) return
  const { page } = operator
  await operator.requestSession('The licence of the till', { tools: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  await operator.openTool('Registry')
  await page.getByRole('button', { name: 'Larger' }).click()
  const path = page.getByRole('textbox', { name: 'Key', exact: true })
  await path.fill('hkcu\\Software')
  await path.press('Enter')
  await expect(page.getByRole('treeitem', { name: 'Software', selected: true })).toBeVisible({ timeout: 60_000 })

  const add = (kind: string) => addNew(page, kind)
  await (await add('Key')).getByRole('textbox', { name: 'Name' }).fill('Handhold')
  await page.getByRole('dialog').getByRole('button', { name: 'Make' }).click()
  await expect(page.getByRole('treeitem', { name: 'Handhold', selected: true })).toBeVisible()
  const key = 'HKEY_CURRENT_USER\\Software\\Handhold'
  const empty = await wine.exported(key)

  for (const { kind, name, field, text } of VALUES) {
    const dialog = await add(kind)
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
    await dialog.getByRole('textbox', { name: field }).fill(text)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByRole('row', { name: new RegExp(`^${name}`) })).toBeVisible()
  }
  const queried = await wine.reg('query', key)
  for (const { queried: expected } of VALUES) expect(queried).toContain(expected)
  const full = await wine.exported(key)
  await page.getByRole('button', { name: 'Export…' }).click()
  await expect(page.getByText('Saved as Handhold.reg.')).toBeVisible()

  await page.getByRole('button', { name: 'Journal…' }).click()
  for (let edit = VALUES.length + 1; edit > 1; edit--) {
    const undo = page.getByRole('button', { name: `Undo ${edit}`, exact: true })
    await undo.click()
    await expect(undo).toHaveCount(0)
  }
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  expect((await wine.exported(key)).equals(empty)).toBe(true)
  // The file that was exported is what Wine's own program makes the same of.
  const file = join(wine.prefix, '../exported-by-hand.reg')
  await writeFile(file, await readFile(join(operatorProgram.downloads, 'Handhold.reg')))
  await wine.reg('import', `\\\\?\\unix${file.replaceAll('/', '\\')}`)
  expect((await wine.exported(key)).equals(full)).toBe(true)

  const acts = (await auditOf(relay)).filter(({ action }) => action === 'tool.act')
  const verbs = acts.map(({ detail }) => detail.verb)
  for (const verb of ['registry-make-key', 'registry-set', 'registry-undo']) expect(verbs).toContain(verb)
  expect(acts.some(({ detail }) => String(detail.object).includes(key))).toBe(true)
})

const VALUES = [
  { kind: 'String', name: 'text', field: 'Text', text: 'a "quoted" \\ text', queried: 'REG_SZ    a "quoted" \\ text' },
  {
    kind: 'Expandable string',
    name: 'path',
    field: 'Text',
    text: '%SystemRoot%\\x',
    queried: 'REG_EXPAND_SZ    %SystemRoot%\\x',
  },
  {
    kind: 'Several strings',
    name: 'lines',
    field: 'One text a line',
    text: 'one\ntwo',
    queried: 'REG_MULTI_SZ    one\\0two',
  },
  { kind: 'Number, 32 bits', name: 'small', field: 'Number', text: '3735928559', queried: 'REG_DWORD    0xdeadbeef' },
  { kind: 'Number, 64 bits', name: 'large', field: 'Number', text: '4294967296', queried: 'REG_QWORD' },
  { kind: 'Bytes', name: 'bytes', field: /^Bytes/, text: '00 01 02 03', queried: 'REG_BINARY    00010203' },
]

/** Opens the dialog that makes something of this kind in the key that is chosen. */
async function addNew(page: Page, kind: string): Promise<Locator> {
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await page.getByRole('menuitem', { name: kind, exact: true }).click()
  return page.getByRole('dialog')
}

test('A80 A82 a role without tools: no menu; by hand, with another session’s grant and a window that was changed, nothing runs', async ({
  operator,
  colleague,
  device,
  relay,
}) => {
  const stolen = await grantsOf(operator, device)
  const mark = join(tmpdir(), `handhold-e2e-${randomBytes(6).toString('hex')}`)

  device.person.listenTo(colleague)
  const { page } = colleague
  await colleague.requestSession('Printer on the second floor')
  await device.person.accept()
  await colleague.firstFrameAtMs()
  await expect(page.getByRole('button', { name: 'Tools', exact: true })).toHaveCount(0)

  const messages = [...stolen, ...TOOLS.flatMap(tool => commandsOf(tool, mark))]
  await sendTools(page, messages)
  await waitFor('each to be refused', async () => (await toolsHeard(page)).length >= messages.length)
  expect(new Set((await toolsHeard(page)).map(({ type, code }) => `${type} ${code}`))).toEqual(
    new Set(['refused forbidden']),
  )
  for (const tool of TOOLS) expect(await requestToolByHand(page, tool)).toBe('forbidden')

  await believeInTools(page, TOOLS)
  await colleague.showDevices()
  await page.getByRole('tab', { name: hostname() }).click()
  await colleague.openTool('Shell')
  await expect(page.getByText('has not agreed to this tool')).toBeVisible()

  const audit = await auditOf(relay)
  const refused = audit.filter(({ action }) => action === 'tool.refused')
  expect(refused.some(({ detail }) => detail.operator === 'rosa@riverside.example')).toBe(true)
  expect(
    audit.filter(({ action, detail }) => DOING.has(action) && detail.operator === 'rosa@riverside.example'),
  ).toEqual([])
  expect(existsSync(mark)).toBe(false)
  await colleague.closeAllTabs()
})

test('A80 a grant is good for its own session and its own tool only', async ({ operator, device, relay }) => {
  const stolen = await grantsOf(operator, device)
  const before = (await auditOf(relay)).filter(({ action }) => DOING.has(action)).length
  device.person.listenTo(operator)
  await operator.showDevices()
  await operator.requestSession('Once more', { tools: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  const mark = join(tmpdir(), `handhold-e2e-${randomBytes(6).toString('hex')}`)
  const [unlock = {}] = stolen
  const messages = [unlock, { ...unlock, tool: 'processes' }, ...commandsOf('shell', mark)]
  await sendTools(operator.page, messages)
  await waitFor('each to be refused', async () => (await toolsHeard(operator.page)).length >= messages.length)
  const codes = (await toolsHeard(operator.page)).map(({ code }) => code)
  expect(codes.filter(code => code === 'grant-invalid').length).toBeGreaterThanOrEqual(2)
  expect((await toolsHeard(operator.page)).filter(({ type }) => type === 'opened' || type === 'done')).toEqual([])
  expect((await auditOf(relay)).filter(({ action }) => DOING.has(action))).toHaveLength(before)
  expect(existsSync(mark)).toBe(false)
})

test('a tool that takes two opens when a colleague watches, shows them what is done, and takes nothing when they stop', async ({
  operator,
  device,
  relay,
}) => {
  const { page } = operator
  await setTwoPersonTools(relay, ['shell'])
  const { window: second, close } = await openApp()
  try {
    await second.signIn(relay.url, await relay.addColleague('mara@riverside.example', 'admin'))
    device.person.listenTo(operator)
    await operator.requestSession('Two of us', { tools: true })
    await device.person.accept()
    await operator.firstFrameAtMs()
    await operator.openTool('Shell')
    await expect(page.getByText('This tool takes two')).toBeVisible()

    const watch = async () => {
      await second.page.getByText('1 to watch').click()
      await second.page.getByRole('button', { name: /^Watch / }).click()
    }
    await watch()
    await expect(page.getByText('watches.')).toBeVisible()
    await operator.openPlainShell()
    await operator.typeInShell('echo seen-$((1+1))\n')
    await operator.shellShows('seen-2')
    await expect(second.page.getByTestId('watched').getByText('seen-2')).toBeVisible()

    await second.page.getByRole('button', { name: 'Stop watching' }).click()
    await expect(page.getByText('Nobody watches')).toBeVisible({ timeout: 2_000 })
    await operator.typeInShell('echo wrong-$((1+1))\n')
    await watch()
    await expect(page.getByText('watches.')).toBeVisible()
    await operator.typeInShell('echo right-$((1+1))\n')
    await operator.shellShows('right-2')
    await expect(page.locator('[data-terminal] .xterm-rows', { hasText: 'wrong-2' })).toHaveCount(0)
  } finally {
    await setTwoPersonTools(relay, [])
    await close()
  }
})

async function setTwoPersonTools(relay: RelayProgram, twoPersonTools: readonly string[]): Promise<void> {
  const call = await administratorCalls(relay)
  const { groups } = (await call('GET', '/v1/groups')) as { groups: { id: string; path: string }[] }
  const root = groups.find(({ path }) => path === '/')
  await call('PATCH', `/v1/groups/${root?.id}/settings`, { set: { twoPersonTools } })
}

const DOING = new Set(['tool.opened', 'tool.shell', 'tool.act'])

/** The grants of a session of somebody who has the tools, as their own app sent them; the session is over. */
async function grantsOf(operator: OperatorPage, device: Device): Promise<ToolsMessage[]> {
  // Their window may be a new one: a test doesn't stand on what an earlier one did to it.
  await openUp(operator.page)
  await operator.showDevices()
  device.person.listenTo(operator)
  await operator.requestSession('Printer on the second floor', { tools: true })
  await device.person.accept()
  await operator.firstFrameAtMs()
  await operator.openTool('Shell')
  await operator.shellShows('')
  const stolen = (await toolsSent(operator.page)).filter(({ type }) => type === 'unlock').slice(-1)
  expect(stolen).toHaveLength(1)
  await operator.endSession()
  await expect(operator.overTitle('You ended the session')).toBeVisible()
  await operator.closeAllTabs()
  return stolen
}

/** Each would leave something behind. */
const commandsOf = (tool: string, mark: string): ToolsMessage[] => [
  { type: 'open', tool, request: 1, shell: 'sh', columns: 80, rows: 24 },
  { type: 'input', tool, terminal: 1, data: `touch ${mark}\n` },
  { type: 'act', tool, request: 2, action: { verb: 'force-end', process: { pid: process.pid, startTicks: 1 } } },
  { type: 'act', tool, request: 3, action: { verb: 'stop', unit: 'ssh.service' } },
]

interface AuditRow {
  readonly action: string
  readonly detail: Readonly<Record<string, unknown>>
}

async function auditOf(relay: RelayProgram): Promise<AuditRow[]> {
  const call = await administratorCalls(relay)
  return ((await call('GET', '/v1/audit?limit=200')) as { entries: AuditRow[] }).entries
}
