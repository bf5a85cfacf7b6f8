import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScriptView } from '#protocol/scripts/http.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { type AgentPeer, openAgentPeer } from './agent-peer.ts'
import { buildPages, installBridge, launchBrowser, openPage } from './built-pages.ts'
import { FakeMain } from './fake-main.ts'
import { FakeRegistry } from './fake-registry.ts'
import { sampleDevice, sampleTab } from './samples.ts'

// The built page under the shells' own policy; a real peer plays the device and its helper.
let dist: string
let browser: Browser
const SHOTS = process.env.HANDHOLD_SHOTS

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-tools-'))
  await buildPages(dist)
  browser = await launchBrowser()
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await rm(dist, { recursive: true, force: true })
})

async function openTools(scopes: Scope[], colorScheme: 'light' | 'dark' = 'light', scripts: ScriptView[] = []) {
  const device = sampleDevice(1, { name: 'Front desk' })
  const state = { name: 'active' as const, scopes, untilMs: Date.now() + 3_600_000, mode: 'control' as const }
  const tab = sampleTab(device, state, { startedAtMs: Date.now(), scopes })
  const main = new FakeMain({ devices: { error: null, devices: [device] }, sessions: [tab] })
  main.scripts = scripts
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme })
  const { page, complaints } = await openPage(context, dist, 'operator', SECURITY_HEADERS, async opened => {
    const emit = await installBridge(opened, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
  })
  await page.getByRole('tab', { name: 'Front desk' }).click()
  const agent = openAgentPeer({ width: 640, height: 360 }, signal =>
    main.emit('signalReceived', { ticket: tab.ticket, signal }),
  )
  main.onSignal = signal => agent.handleSignal(signal)
  await agent.waitFor(message => message.type === 'watching')
  return {
    page,
    agent,
    main,
    complaints,
    async close() {
      agent.close()
      await context.close()
    },
  }
}

const toolsOf = (agent: AgentPeer) =>
  agent.received.filter(({ label }) => label === 'tools').map(({ message }) => message)

async function choose(page: Page, name: RegExp) {
  await page.getByRole('button', { name: 'Tools', exact: true }).click()
  await page.getByRole('menuitemradio', { name }).click()
}

const state = (tool: string, isUnlocked: boolean) => ({
  type: 'state',
  tool,
  isUnlocked,
  runsAs: isUnlocked ? 'root' : '',
  shells: isUnlocked ? ['bash', 'sh'] : [],
  terminals: [],
})
const view = { terminal: 1, tool: 'shell', shell: 'bash', runsAs: 'root', recording: 'x.cast' }

/** What an honest helper says until a shell is open. */
async function openShell(page: Page, agent: AgentPeer) {
  await choose(page, /^Shell/)
  await agent.waitFor(message => message.type === 'hello' && message.tool === 'shell')
  agent.sendTools(state('shell', false))
  const unlock = await agent.waitFor(message => message.type === 'unlock')
  expect(unlock).toMatchObject({ grant: 'grant', proof: 'proof' })
  agent.sendTools(state('shell', true))
  const { request } = await agent.waitFor(message => message.type === 'open')
  agent.sendTools({ type: 'opened', tool: 'shell', request, terminal: view })
  await agent.waitFor(message => message.type === 'attach')
  agent.sendTools({ type: 'attached', terminal: 1 })
}

test('a session without tools has no menu of them', async () => {
  const { page, close } = await openTools(['view', 'control'])
  await page.getByRole('toolbar').first().waitFor()
  expect(await page.getByRole('button', { name: 'Tools', exact: true }).count()).toBe(0)
  await close()
})

for (const scheme of ['light', 'dark'] as const)
  test(`a shell opens, shows and types, under the page’s own policy, in ${scheme}`, async () => {
    const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell', 'processes'], scheme)
    await openShell(page, agent)
    agent.sendTools({
      terminal: 1,
      output:
        'root@front-desk:~# ls\r\n\u001b[34mDesktop\u001b[0m  \u001b[38;2;200;40;40mred\u001b[0m  \u001b[1;32mrun.sh\u001b[0m\r\nroot@front-desk:~# ',
    })
    await page.locator('.xterm-rows', { hasText: 'Desktop' }).waitFor()
    expect(await page.getByText('runs as root').count()).toBe(1)
    await page.keyboard.type('id')
    await expect
      .poll(() =>
        toolsOf(agent)
          .filter(({ type }) => type === 'input')
          .map(({ data }) => data)
          .join(''),
      )
      .toBe('id')
    await expect.poll(() => toolsOf(agent).some(({ type }) => type === 'drawn')).toBe(true)
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `shell-${scheme}.png`) })
    expect(complaints).toEqual([])
    await close()
  })

test('A86 hostile output reaches no clipboard, no title and no link, and types nothing', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'])
  await openShell(page, agent)
  const title = await page.title()
  const asks = [
    '[c',
    '[>c',
    '[=c',
    '[5n',
    '[6n',
    '[?6n',
    '[>q',
    '[14t',
    '[18t',
    '[21t',
    '[x',
    '[?2026$p',
    '[4$p',
    '[?u',
    '[?1004h',
    '[?25;1004h',
  ]
  const strings = [
    ']52;c;aGFjaw==\u0007',
    ']52;c;?\u0007',
    ']0;hacked\u0007',
    ']2;hacked\u001b\\',
    ']8;;https://evil.example\u0007link\u001b]8;;\u0007',
    ']10;?\u0007',
    ']11;?\u0007',
    ']4;1;?\u0007',
    ']1337;File=:AAAA\u0007',
    'P$qm\u001b\\',
    'P+q544e\u001b\\',
  ]
  for (const sequence of [...asks, ...strings]) agent.sendTools({ terminal: 1, output: `\u001b${sequence}` })
  agent.sendTools({ terminal: 1, output: 'the end\r\n' })
  await page.locator('.xterm-rows', { hasText: 'the end' }).waitFor()
  await page.getByRole('button', { name: 'Larger' }).click()
  await page.locator('[data-terminal] textarea').focus()
  // An answer to any of them would have gone before what is typed now.
  await page.keyboard.press('q')
  await agent.waitFor(({ type }) => type === 'input')
  expect(toolsOf(agent).filter(({ type }) => type === 'input')).toMatchObject([{ data: 'q' }])
  expect(await page.title()).toBe(title)
  expect(await page.locator('[data-terminal] a').count()).toBe(0)
  expect(await page.locator('.xterm-rows [style*="underline"]').count()).toBe(0)
  expect(complaints).toEqual([])
  await close()
})

test('several pasted lines are shown before they are typed, without what could end the paste', async () => {
  const { page, agent, close } = await openTools(['view', 'control', 'shell'])
  await openShell(page, agent)
  await page.locator('[data-terminal] textarea').evaluate(element => {
    const data = new DataTransfer()
    data.setData('text/plain', 'first\u001b[201~\r\nsecond\n')
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await page.getByRole('dialog', { name: 'Paste 2 lines?' }).waitFor()
  expect(toolsOf(agent).some(({ type }) => type === 'input')).toBe(false)
  await page.getByRole('button', { name: 'Paste all' }).click()
  const typed = await agent.waitFor(message => message.type === 'input')
  expect(typed.data).toBe('first[201~\rsecond\r')
  await close()
})

for (const scheme of ['light', 'dark'] as const)
  test(`2,000 processes are listed, of which only those in sight are drawn, in ${scheme}`, async () => {
    const { page, agent, complaints, close } = await openTools(['view', 'control', 'processes'], scheme)
    await choose(page, /^Processes/)
    await agent.waitFor(message => message.type === 'hello')
    agent.sendTools(state('processes', true))
    await agent.waitFor(message => message.type === 'list' && message.list === 'live')
    const machine = { cpu: 34, processors: 8, memoryUsed: 9.1e9, memoryTotal: 17e9, load: 2.4, uptimeS: 266_400 }
    const names = ['systemd', 'Xorg', 'firefox-esr', 'bash', 'cupsd', 'node', 'python3', 'kworker/u8:1']
    const rows = Array.from({ length: 2_000 }, (_, index) => ({
      pid: index + 1,
      parent: index === 0 ? 0 : index < 8 ? 1 : (index % 7) + 1,
      startTicks: index * 100,
      startedAtMs: 1_795_000_000_000 + index * 1000,
      user: index % 3 === 0 ? 'root' : 'mara',
      name: names[index % names.length],
      command: `/usr/bin/${names[index % names.length]} --number ${index}`,
      cpu: (index * 37) % 100 === 0 ? 41.5 : (index % 11) / 10,
      memoryBytes: (index % 97) * 3e6 + 1e6,
      state: index === 12 ? 'T' : 'S',
      nice: 0,
      isProtected: index === 0,
    }))
    for (let start = 0; start < rows.length; start += 40) {
      const part = { rows: rows.slice(start, start + 40), gone: [], machine }
      const isLast = start + 40 >= rows.length
      agent.sendTools({ type: 'processes', tool: 'processes', isFirst: start === 0, isLast, ...part })
    }
    await page.getByText('2000 processes').waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    await page.getByRole('radio', { name: 'Tree' }).click()
    await page
      .getByRole('row', { name: /systemd/ })
      .first()
      .click()
    await expect.poll(() => page.getByRole('button', { name: 'End', exact: true }).isDisabled()).toBe(true)
    await page.getByRole('row', { name: /cupsd/ }).first().click()
    await page.getByRole('button', { name: 'Force end' }).click()
    await page.getByRole('button', { name: 'Force end cupsd' }).click()
    const act = await agent.waitFor(message => message.type === 'act')
    expect(act.action).toMatchObject({ verb: 'force-end', process: { startTicks: expect.any(Number) } })
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `processes-${scheme}.png`) })
    expect(complaints).toEqual([])
    await close()
  })

const script: ScriptView = {
  id: `scr_${'0'.repeat(26)}`,
  name: 'Restart the spooler',
  description: 'Ends what hangs in the print queue and starts it anew',
  digest: 'x'.repeat(43),
  author: 'Ada Brandt',
  createdAtMs: 1_795_000_000_000,
  approvedBy: 'Rosa Lindt',
  definition: {
    tool: 'shell',
    program: 'bash',
    text: 'cancel -a "$PRINTER"\nsystemctl restart cups',
    parameters: [
      { name: 'PRINTER', label: 'Printer', kind: { type: 'text', maxLength: 40 } },
      { name: 'HOW', label: 'How', kind: { type: 'choice', choices: ['gently', 'at once'] } },
    ],
  },
}

for (const scheme of ['light', 'dark'] as const)
  test(`an approved script is chosen, filled in and run; its end stays to be read, in ${scheme}`, async () => {
    const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'], scheme, [script])
    await openShell(page, agent)
    await page.getByRole('button', { name: 'Scripts' }).click()
    await page.getByRole('button', { name: /Restart the spooler/ }).click()
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(false)
    await page.getByLabel('Printer').fill('$(id)')
    await page.getByLabel('How').selectOption('at once')
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `scripts-${scheme}.png`) })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const { request, script: sent } = await agent.waitFor(
      message => message.type === 'open' && message.script !== undefined,
    )
    expect(sent).toMatchObject({
      ...{ grant: 'grant', definition: script.definition },
      values: { PRINTER: '$(id)', HOW: 'at once' },
    })
    const terminal = { ...view, terminal: 2, shell: script.name, isScript: true }
    agent.sendTools({ type: 'opened', tool: 'shell', request, terminal })
    await agent.waitFor(message => message.type === 'attach' && message.terminal === 2)
    agent.sendTools({ type: 'attached', terminal: 2 })
    agent.sendTools({ terminal: 2, output: 'cups is running\r\n' })
    agent.sendTools({ type: 'exited', terminal: 2, exitCode: 3 })
    await page.getByText('Restart the spooler ended with 3.').waitFor()
    await page.locator('.xterm-rows', { hasText: 'cups is running' }).waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `script-run-${scheme}.png`) })
    expect(complaints).toEqual([])
    await close()
  })

for (const scheme of ['light', 'dark'] as const)
  test(`a second person is asked to watch, sees what is shown, and only while they look is said so, in ${scheme}`, async () => {
    const { page, main, complaints, close } = await openTools(['view', 'control'], scheme)
    const sessionId = `ses_${'0'.repeat(26)}`
    const operator = { id: `usr_${'0'.repeat(26)}`, name: 'Ada Brandt', email: 'ada@riverside.example' }
    const wanted = { sessionId, operator, deviceName: 'Front desk', reason: 'Printer', tools: ['shell' as const] }
    main.set({ watches: [{ ...wanted, watcher: null }] })
    await page.getByText('1 to watch').click()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `watches-${scheme}.png`) })
    await page.getByRole('button', { name: 'Watch Ada Brandt on Front desk' }).click()
    await page.getByRole('heading', { name: 'You watch Ada Brandt on Front desk' }).waitFor()
    const beats = () => main.calls.filter(({ name }) => name === 'watchBeat').length
    await expect.poll(beats).toBeGreaterThan(1)
    const say = (message: object | string) =>
      Buffer.from(typeof message === 'string' ? `\u0001\u0001${message}` : JSON.stringify(message)).toString('base64')
    const shown = { sessionId, level: 'elevated' as const, isBroken: false }
    const messages = [
      say({ type: 'from-start' }),
      say({ type: 'opened', tool: 'shell', request: 1, terminal: view }),
      say({ type: 'size', terminal: 1, columns: 100, rows: 20 }),
      say('root@front-desk:~# systemctl restart cups\r\n\u001b]52;c;aGFjaw==\u0007done\r\n'),
      say({ type: 'did', tool: 'processes', text: 'end process 4242 cupsd' }),
    ]
    main.emit('watchShown', { ...shown, messages })
    await page.getByTestId('watched').getByText('systemctl restart cups').waitFor()
    await page.getByText('end process 4242 cupsd').waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `watch-${scheme}.png`) })
    await page.getByRole('button', { name: 'Stop watching' }).click()
    await expect.poll(() => main.calls.some(({ name }) => name === 'endWatch')).toBe(true)
    const before = beats()
    main.set({ watches: [] })
    await page.getByText('1 to watch').waitFor({ state: 'detached' })
    expect(beats()).toBe(before)
    expect(complaints).toEqual([])
    await close()
  })

async function openRegistry(scheme: 'light' | 'dark') {
  const opened = await openTools(['view', 'control', 'registry'], scheme)
  const { page, agent } = opened
  const registry = new FakeRegistry(agent)
  await choose(page, /^Registry/)
  await agent.waitFor(message => message.type === 'hello' && message.tool === 'registry')
  agent.sendTools(state('registry', true))
  await page.getByRole('button', { name: 'Larger' }).click()
  const go = async (path: string) => {
    await page.getByRole('textbox', { name: 'Key', exact: true }).fill(path)
    await page.keyboard.press('Enter')
  }
  return { ...opened, registry, go }
}

for (const scheme of ['light', 'dark'] as const)
  test(`the registry is gone through, and a value edited, by the keyboard alone, in ${scheme}`, async () => {
    const { page, registry, go, complaints, close } = await openRegistry(scheme)
    await page.getByRole('treeitem', { name: /HKEY_USERS/ }).waitFor()
    await go('hkcu\\Software\\Example')
    await page.getByRole('row', { name: /Colours/ }).waitFor()
    expect(await page.getByRole('treeitem', { name: /Example/ }).getAttribute('aria-selected')).toBe('true')
    await page.getByText('SYSTEM may read, change values, make keys, delete').waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `registry-${scheme}.png`) })
    await page.getByRole('grid', { name: 'Values' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Edit Count' })
    const number = dialog.getByRole('textbox', { name: 'Number' })
    await expect.poll(() => number.inputValue()).toBe('42')
    await dialog.getByRole('radio', { name: 'Hexadecimal' }).click()
    expect(await number.inputValue()).toBe('0x2a')
    await number.fill('0x1ffffffff')
    expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await number.fill('ff')
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `registry-value-${scheme}.png`) })
    await page.keyboard.press('Enter')
    await expect
      .poll(() => registry.edits)
      .toMatchObject([{ do: 'set', name: 'Count', data: { type: 4, base64: '/wAAAA==' } }])
    // Each other type in an editor of its own.
    for (const [name, label, shown] of [
      ['Colours', 'One text a line', 'red\ngreen'],
      ['Folder', 'Text', '%ProgramData%\\Example'],
      ['Id', /^Bytes/, /^00 06 0c/],
      ['Total', 'Number', '4294967296'],
    ] as const) {
      const row = page.getByRole('row', { name: new RegExp(`^${name}`) })
      await row.click()
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      const field = page.getByRole('dialog').getByRole('textbox', { name: label })
      await expect.poll(() => field.inputValue()).toMatch(shown)
      if (SHOTS && name === 'Id') await page.screenshot({ path: join(SHOTS, `registry-bytes-${scheme}.png`) })
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Journal…' }).click()
    await page.getByRole('button', { name: 'Undo 2' }).waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `registry-journal-${scheme}.png`) })
    await page.getByRole('button', { name: 'Undo 2' }).click()
    await expect.poll(() => registry.edits.at(-1)).toEqual({ do: 'undo', edit: 2 })
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('tree').focus()
    await page.keyboard.press('Delete')
    await page.getByRole('button', { name: 'Delete Example' }).click()
    await expect.poll(() => registry.edits.at(-1)).toMatchObject({ do: 'delete' })
    expect(complaints).toEqual([])
    await close()
  })

test('100,000 values of a key scroll, of which only those in sight are asked for and drawn', async () => {
  const { page, registry, go, complaints, close } = await openRegistry('light')
  await go('HKEY_CURRENT_USER\\Software\\Many values')
  await page.getByText('100,000 values').waitFor()
  const grid = page.getByRole('grid', { name: 'Values' })
  expect(await page.getByRole('row').count()).toBeLessThan(80)
  await grid.focus()
  await page.keyboard.press('End')
  await page.getByRole('row', { name: /Value 099999/ }).waitFor()
  await grid.evaluate(table => table.parentElement?.scrollTo(0, 36 * 50_000))
  await page.getByRole('row', { name: /Value 050001/ }).waitFor()
  expect(registry.asked.filter(({ ask }) => ask === 'values').length).toBeLessThan(20)
  expect(await page.getByRole('row').count()).toBeLessThan(80)
  expect(complaints).toEqual([])
  await close()
})
