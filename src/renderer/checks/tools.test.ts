import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScriptView } from '#protocol/scripts/http.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import type { AgentPeer } from './agent-peer.ts'
import { buildPages, launchBrowser } from './built-pages.ts'
import { contrast } from './contrast.ts'
import { FakeProcesses } from './fake-processes.ts'
import { choose, openToolsWindow, showRegistry, state, toolsOf, view } from './tools-window.ts'

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

const openTools = (scopes: Scope[], colorScheme: 'light' | 'dark' = 'light', scripts: ScriptView[] = []) =>
  openToolsWindow(browser, dist, { scopes, headers: SECURITY_HEADERS, colorScheme, scripts })

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
    // A colour of the device's own, which the page's theme knows nothing of.
    const own = page.locator('.xterm-rows span', { hasText: /^red$/ })
    const [front = '', back = ''] = await own.evaluate(span => {
      const onSurface = document.body.appendChild(document.createElement('i'))
      onSurface.style.color = 'var(--surface)'
      return [span, onSurface].map(element => getComputedStyle(element).color)
    })
    expect(contrast(front, back)).toBeGreaterThanOrEqual(4.5)
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
  // Even where the page may write there without being asked.
  await page.context().grantPermissions(['clipboard-write'])
  await openShell(page, agent)
  const title = await page.title()
  await page.evaluate(() => navigator.clipboard.writeText('what the operator copied'))
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
    ']52;;aGFjaw==\u001b\\',
    ']52;p;aGFjaw==\u0007',
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
  // What is on the clipboard is what stood there before.
  await page.keyboard.press('Control+Shift+V')
  await expect.poll(() => inputsOf(agent).slice(1)).toEqual([[1, 'what the operator copied']])
  expect(await page.title()).toBe(title)
  expect(await page.locator('[data-terminal] a').count()).toBe(0)
  expect(await page.locator('.xterm-rows [style*="underline"]').count()).toBe(0)
  expect(complaints).toEqual([])
  await close()
})

const inputsOf = (agent: AgentPeer) =>
  toolsOf(agent)
    .filter(({ type }) => type === 'input')
    .map(({ terminal, data }) => [terminal, data])

test('A86 a program that prints without end costs what can be scrolled back to, and all of it counts as drawn', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'])
  await openShell(page, agent)
  const lines = 400_000
  let output = ''
  let sent = 0
  const send = () => {
    sent += output.length
    agent.sendTools({ terminal: 1, output })
    output = ''
  }
  for (let line = 1; line <= lines; line++) {
    output += `${line}\r\n`
    if (output.length > 15_000) send()
  }
  output += 'the end'
  send()
  const rows = page.locator('.xterm-rows')
  await rows.filter({ hasText: 'the end' }).waitFor()
  await rows.filter({ hasText: `${lines}` }).waitFor()
  const press = (key: string) => page.keyboard.press(key)
  const drawn = () =>
    toolsOf(agent)
      .filter(({ type }) => type === 'drawn')
      .reduce((sum, { bytes }) => sum + Number(bytes), 0)
  await expect.poll(drawn).toBe(sent)
  // As far back as ever: 5,000 lines above those of the screen.
  const inSight = await rows.locator('> div').count()
  for (let page = 0; page < 5_000 / (inSight - 1); page++) await press('Shift+PageUp')
  await rows.filter({ hasText: `${lines + 2 - inSight - 5_000}` }).waitFor()
  expect(complaints).toEqual([])
  await close()
})

test('a second shell stands beside the first one, and each is typed in by itself', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'])
  await openShell(page, agent)
  const wide = toolsOf(agent).find(({ type }) => type === 'attach')
  await page.getByRole('button', { name: 'Split', exact: true }).click()
  const opened = () => toolsOf(agent).filter(({ type }) => type === 'open')
  await expect.poll(() => opened().length).toBe(2)
  const terminal = { ...view, terminal: 2 }
  agent.sendTools({ type: 'opened', tool: 'shell', request: opened().at(-1)?.request, terminal })
  await agent.waitFor(message => message.type === 'attach' && message.terminal === 2)
  agent.sendTools({ type: 'attached', terminal: 2 })
  agent.sendTools({ terminal: 1, output: 'on the left' })
  agent.sendTools({ terminal: 2, output: 'on the right' })
  await page.locator('[data-terminal="1"] .xterm-rows', { hasText: 'on the left' }).waitFor()
  await page.locator('[data-terminal="2"] .xterm-rows', { hasText: 'on the right' }).waitFor()
  const resized = await agent.waitFor(message => message.type === 'resize' && message.terminal === 1)
  expect(Number(resized.columns)).toBeLessThan(Number(wide?.columns) * 0.6)
  await page.locator('[data-terminal="2"] textarea').focus()
  await page.keyboard.type('b')
  await page.locator('[data-terminal="1"] textarea').focus()
  await page.keyboard.type('a')
  await expect
    .poll(() => inputsOf(agent))
    .toEqual([
      [2, 'b'],
      [1, 'a'],
    ])
  await page.getByRole('button', { name: 'End bash 2' }).click()
  expect(await agent.waitFor(({ type }) => type === 'close')).toMatchObject({ terminal: 2 })
  await expect.poll(() => page.locator('[data-terminal]').count()).toBe(1)
  expect(complaints).toEqual([])
  await close()
})

test('what stands in a shell is found, copied and pasted by the operator’s hand', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'])
  await page.context().grantPermissions(['clipboard-write'])
  await openShell(page, agent)
  agent.sendTools({ terminal: 1, output: 'alpha beta\r\ngamma beta\r\n' })
  await page.locator('.xterm-rows', { hasText: 'gamma' }).waitFor()
  await page.locator('[data-terminal] textarea').focus()
  await page.keyboard.press('Control+Shift+F')
  const find = page.getByRole('searchbox', { name: 'Find', exact: true })
  await find.fill('delta')
  await page.getByText('It isn’t here.').waitFor()
  await find.fill('gamma')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+C')
  // What was copied is pasted: one line is typed at once, and nothing runs before Enter is pressed.
  await page.keyboard.press('Control+Shift+V')
  await expect.poll(() => inputsOf(agent)).toEqual([[1, 'gamma']])
  expect(complaints).toEqual([])
  await close()
})

test('a shell is there again after the link was lost, with its past, and no other one is opened', async () => {
  const { page, agent, reconnect, complaints, close } = await openTools(['view', 'control', 'shell'])
  await openShell(page, agent)
  agent.sendTools({ terminal: 1, output: 'before\r\n' })
  await page.locator('.xterm-rows', { hasText: 'before' }).waitFor()
  const again = await reconnect()
  await again.waitFor(({ type }) => type === 'hello')
  again.sendTools({ ...state('shell', true), terminals: [view] })
  await again.waitFor(({ type }) => type === 'attach')
  again.sendTools({ type: 'attached', terminal: 1 })
  again.sendTools({ terminal: 1, output: 'before\r\nafter\r\n' })
  const rows = page.locator('.xterm-rows', { hasText: 'after' })
  await rows.waitFor()
  expect(((await rows.textContent()) ?? '').split('before').length).toBe(2)
  await page.locator('[data-terminal] textarea').focus()
  await page.keyboard.type('x')
  await expect.poll(() => inputsOf(again)).toEqual([[1, 'x']])
  expect(toolsOf(again).some(({ type }) => type === 'open' || type === 'unlock')).toBe(false)
  expect(complaints).toEqual([])
  await close()
})

const RECORDED = [
  { version: 2, width: 80, height: 24, timestamp: 1_795_000_000 },
  [0.1, 'o', 'root@front-desk:~# ls\r\n'],
  [0.2, 'o', '\u001b[34mDesk'],
  [0.3, 'o', 'top\u001b[0m\r\n'],
  [0.4, 'm', '0 ls'],
  [
    0.5,
    'o',
    '\u001b]52;c;aGFjaw==\u0007\u001b]0;hacked\u0007\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007\u001b[6n',
  ],
  [0.6, 'r', '1e9x-4'],
  [0.7, 'r', '90.5x20'],
  [60, 'o', 'make: *** Error 2\r\n'],
  [60.1, 'm', '2 make'],
]

test('A86 a recording is played, paused, sped up, sought and searched, whatever is in it', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'])
  const title = await page.title()
  await openShell(page, agent)
  await page.getByRole('button', { name: 'Recordings', exact: true }).click()
  const { request } = await agent.waitFor(message => message.list === 'recordings')
  const commands = [
    { atS: 0.4, command: 'ls', exitCode: 0 },
    { atS: 60.1, command: 'make', exitCode: 2 },
  ]
  const text = RECORDED.map(line => JSON.stringify(line)).join('\n')
  const recording = {
    name: 'x.cast',
    startedAtMs: 1_795_000_000_000,
    bytes: text.length,
    label: 'Ada as root',
    isOfSession: true,
    commands,
  }
  const earlier = { ...recording, name: 'y.cast', label: 'Rosa as root', isOfSession: false, commands: [] }
  agent.sendTools({ type: 'recordings', request, recordings: [earlier, recording], isLast: true })
  await page.getByRole('region', { name: 'Earlier sessions' }).getByRole('button', { name: /Rosa/ }).waitFor()
  await page.getByRole('region', { name: 'This session' }).getByText('2 commands, 1 failed').waitFor()
  await page.getByRole('button', { name: /Ada as root/ }).click()
  const first = await agent.waitFor(message => message.list === 'recording' && message.offset === 0)
  agent.sendTools({ type: 'part', request: first.request, text: text.slice(0, 100), next: 100 })
  const second = await agent.waitFor(message => message.list === 'recording' && message.offset === 100)
  agent.sendTools({ type: 'part', request: second.request, text: text.slice(100), next: null })

  const shows = (words: string) => page.getByTestId('cast').locator('.xterm-rows', { hasText: words }).waitFor()
  const position = page.getByRole('slider', { name: 'Position' })
  await page.getByRole('button', { name: 'Pause', exact: true }).click()
  await position.fill('0.2')
  await shows('Desk')
  expect(await page.getByTestId('cast').textContent()).not.toContain('Desktop')
  // What is played is a device's word as much as what it prints.
  await position.fill('1')
  await shows('Desktop')
  await shows('link')
  expect(await page.getByTestId('cast').locator('a').count()).toBe(0)
  expect(await page.title()).toBe(title)
  await page.getByRole('button', { name: /make/ }).click()
  await shows('Error 2')
  await page.getByText('exit 2').waitFor()
  if (SHOTS) await page.screenshot({ path: join(SHOTS, 'recording.png') })
  const find = page.getByRole('searchbox', { name: 'Find in the recording' })
  await find.fill('desktop')
  await page.keyboard.press('Enter')
  await expect.poll(() => position.inputValue()).toBe('0.3')
  await find.fill('nowhere')
  await page.keyboard.press('Enter')
  await page.getByText('It isn’t in this recording.').waitFor()
  // A minute of silence is played as two seconds, and those as fast as one likes.
  await page.getByRole('radio', { name: '16×' }).click()
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  await expect.poll(() => position.inputValue(), { timeout: 20_000 }).toBe('60.1')
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  expect(inputsOf(agent)).toEqual([])
  expect(complaints).toEqual([])
  await close()
})

for (const scheme of ['light', 'dark'] as const)
  test(`recordings are opened from the menu and no shell for them, by the keyboard too, in ${scheme}`, async () => {
    const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell', 'shell-user'], scheme)
    await page.getByRole('button', { name: 'Tools', exact: true }).click()
    const entry = page.getByRole('menuitemradio', { name: /^Recordings\s*administrator/ })
    await page.getByRole('menuitemradio', { name: /^Recordings of the user\s*no administrator/ }).waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `recordings-menu-${scheme}.png`) })
    await entry.click()
    // They take the shell's own right.
    await agent.waitFor(message => message.type === 'hello' && message.tool === 'shell')
    agent.sendTools(state('shell', false))
    expect(await agent.waitFor(message => message.type === 'unlock')).toMatchObject({ tool: 'shell', grant: 'grant' })
    agent.sendTools(state('shell', true))
    const { request } = await agent.waitFor(message => message.list === 'recordings')
    const text = RECORDED.map(line => JSON.stringify(line)).join('\n')
    const recording = {
      ...{ name: 'y.cast', startedAtMs: 1_795_000_000_000, bytes: text.length, label: 'Rosa as root' },
      ...{ isOfSession: false, commands: [{ atS: 60.1, command: 'make', exitCode: 2 }] },
    }
    agent.sendTools({ type: 'recordings', request, recordings: [recording], isLast: true })
    await page.getByRole('button', { name: /Rosa/ }).waitFor()
    // Nothing runs here, as anybody.
    await page.getByRole('heading', { name: 'Recordings', exact: true }).waitFor()
    expect(await page.getByText('runs as').count()).toBe(0)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    const asked = await agent.waitFor(message => message.list === 'recording')
    agent.sendTools({ type: 'part', request: asked.request, text, next: null })
    await page.getByRole('button', { name: /make/ }).click()
    await page.getByTestId('cast').locator('.xterm-rows', { hasText: 'Error 2' }).waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `recordings-alone-${scheme}.png`) })
    // Who looked at them wanted no shell, until they ask for one.
    await page.getByRole('button', { name: 'Back to the shells' }).click()
    await page.getByText('No shell is open.').waitFor()
    const opened = () => toolsOf(agent).filter(({ type }) => type === 'open').length
    expect(opened()).toBe(0)
    await page.getByRole('button', { name: 'Open bash' }).click()
    await expect.poll(opened).toBe(1)
    expect(complaints).toEqual([])
    await close()
  })

test('the shell that is chosen while its recordings are shown is opened', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'shell'])
  await choose(page, /^Recordings/)
  await agent.waitFor(message => message.type === 'hello')
  agent.sendTools(state('shell', true))
  await agent.waitFor(message => message.list === 'recordings')
  await choose(page, /^Shell/)
  await agent.waitFor(message => message.type === 'open')
  expect(complaints).toEqual([])
  await close()
})

test('several pasted lines are shown before they are typed, without what could end the paste', async () => {
  const { page, agent, close } = await openTools(['view', 'control', 'shell'])
  await openShell(page, agent)
  const paste = (text: string) =>
    page.locator('[data-terminal] textarea').evaluate((element, pasted) => {
      const data = new DataTransfer()
      data.setData('text/plain', pasted)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
    }, text)
  await paste('first\u001b[201~\r\nsecond\n')
  await page.getByRole('dialog', { name: 'Paste 2 lines?' }).waitFor()
  expect(toolsOf(agent).some(({ type }) => type === 'input')).toBe(false)
  await page.getByRole('button', { name: 'Paste all' }).click()
  const typed = await agent.waitFor(message => message.type === 'input')
  expect(typed.data).toBe('first[201~\rsecond\r')
  await paste('a line with its end\n')
  await expect.poll(() => inputsOf(agent).at(-1)).toEqual([1, 'a line with its end'])
  await close()
})

for (const scheme of ['light', 'dark'] as const)
  test(`2,000 processes are listed, of which only those in sight are drawn, in ${scheme}`, async () => {
    const { page, agent, complaints, close } = await openTools(['view', 'control', 'processes', 'shell'], scheme)
    await choose(page, /^Processes/)
    await agent.waitFor(message => message.type === 'hello')
    agent.sendTools(state('processes', true))
    const asked = () => toolsOf(agent).filter(({ type, list }) => type === 'list' && list === 'live')
    await expect.poll(() => asked().length).toBe(1)
    // In a pause it is refused; it is asked for again until it comes.
    const { request } = asked()[0] ?? {}
    agent.sendTools({
      type: 'refused',
      tool: 'processes',
      request,
      code: 'forbidden',
      message: 'The session is paused.',
    })
    await expect.poll(() => asked().length).toBe(2)
    const processes = new FakeProcesses(agent, 2_000)
    processes.sendAll()
    for (let look = 0; look < 12; look++) processes.sendChanges(1 + (look % 5))
    await page.getByText('2000 processes').waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    // Each process has its course, and so has the machine.
    for (const course of ['dl svg polyline', '[role=grid] svg polyline'])
      await expect.poll(() => page.locator(course).first().getAttribute('points')).toContain(' ')
    // The busiest come first, and the arrow says so.
    const sorted = (column: string) => page.getByRole('columnheader', { name: column }).getAttribute('aria-sort')
    expect(await sorted('CPU')).toBe('descending')
    const firstPid = () => page.getByRole('row').nth(1).getByRole('gridcell').nth(1).textContent()
    await page.getByRole('button', { name: 'PID' }).click()
    await expect.poll(firstPid).toBe('1')
    expect(await sorted('PID')).toBe('ascending')
    await page.getByRole('button', { name: 'PID' }).click()
    await expect.poll(firstPid).toBe('2000')
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `processes-list-${scheme}.png`) })
    await page.getByRole('searchbox', { name: 'Find a process' }).fill('mara firefox 1994')
    await page.getByText('1 of 2000 processes').waitFor()
    await page.getByRole('searchbox', { name: 'Find a process' }).fill('')
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
    agent.sendTools({ type: 'done', request: act.request, text: '' })
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `processes-${scheme}.png`) })
    // A shell where that process works, named by its number and start.
    await page.getByRole('button', { name: 'Open in shell' }).click()
    await agent.waitFor(message => message.type === 'hello' && message.tool === 'shell')
    agent.sendTools(state('shell', true))
    const open = await agent.waitFor(message => message.type === 'open')
    expect(open.at).toEqual((act.action as { process: object }).process)
    expect(complaints).toEqual([])
    await close()
  })

test('2,000 processes stand still while they are scrolled, and are as they are now when nobody scrolls', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'processes'])
  await choose(page, /^Processes/)
  await agent.waitFor(message => message.type === 'hello')
  agent.sendTools(state('processes', true))
  await agent.waitFor(message => message.type === 'list' && message.list === 'live')
  const processes = new FakeProcesses(agent, 2_000)
  processes.sendAll()
  await page.getByText('2000 processes').waitFor()
  await page.getByRole('button', { name: 'PID' }).click()
  const first = page.getByRole('row', { name: /systemd/ }).first()
  await expect.poll(() => first.textContent()).toContain('41.5 %')
  const grid = page.getByRole('grid', { name: 'Processes' })
  // However slow this machine is: until the clock is let go it is the moment in which somebody scrolled.
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 60_000)
  await grid.evaluate(table => {
    const moved = new Promise(resolve => table.parentElement?.addEventListener('scroll', resolve, { once: true }))
    if (table.parentElement) table.parentElement.scrollTop = 1
    return moved.then(() => undefined)
  })
  processes.sendChanges(1)
  await page.waitForTimeout(500)
  expect(await first.textContent()).toContain('41.5 %')
  await page.clock.runFor(200)
  await expect.poll(() => first.textContent()).toContain('45.2 %')
  expect(complaints).toEqual([])
  await close()
})

test('services are started, stopped, restarted, enabled, disabled and their logs read, each by its own button', async () => {
  const { page, agent, complaints, close } = await openTools(['view', 'control', 'services'])
  await choose(page, /^Services/)
  await agent.waitFor(message => message.type === 'hello')
  agent.sendTools(state('services', true))
  const lists = () => toolsOf(agent).filter(({ type }) => type === 'list').length
  await expect.poll(lists).toBe(1)
  const row = (unit: string, active: string) => ({
    unit,
    active,
    sub: active,
    enabled: 'enabled',
    description: `The ${unit}`,
  })
  const rows = [row('cups.service', 'active'), row('ssh.service', 'inactive'), row('broken.service', 'failed')]
  const list = { type: 'services', tool: 'services', isFirst: true, isLast: true, rows, problem: null }
  agent.sendTools(list)
  await page.getByRole('row', { name: /cups/ }).click()
  if (SHOTS) await page.screenshot({ path: join(SHOTS, 'services.png') })
  const acts = () => toolsOf(agent).flatMap(({ type, action }) => (type === 'act' ? [action as { verb: string }] : []))
  const answer = (text: string) =>
    agent.sendTools({ type: 'done', request: toolsOf(agent).findLast(({ type }) => type === 'act')?.request, text })
  for (const [index, name] of ['Start', 'Stop', 'Restart', 'Enable', 'Disable'].entries()) {
    await page.getByRole('button', { name, exact: true }).click()
    // What interrupts somebody is asked first, by its name.
    if (['Stop', 'Restart', 'Disable'].includes(name))
      await page.getByRole('button', { name: `${name} cups.service` }).click()
    await expect.poll(() => acts().length).toBe(index + 1)
    answer('')
    // What it is now is read again.
    await expect.poll(lists).toBe(index + 2)
    agent.sendTools(list)
  }
  expect(acts().map(({ verb }) => verb)).toEqual(['start', 'stop', 'restart', 'enable', 'disable'])
  expect(acts().every(action => 'unit' in action && action.unit === 'cups.service')).toBe(true)
  await page.getByRole('button', { name: 'Log', exact: true }).click()
  await expect.poll(() => acts().at(-1)?.verb).toBe('logs')
  answer('10:00 started <b>bold</b>\n')
  await page.getByRole('dialog').getByText('10:00 started <b>bold</b>').waitFor()
  expect(complaints).toEqual([])
  await close()
})

const script: ScriptView = {
  id: `scr_${'0'.repeat(26)}`,
  name: 'Restart the spooler',
  description: 'Ends what hangs in the print queue and starts it anew',
  digest: 'x'.repeat(43),
  roleId: null,
  roleName: null,
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
  return { ...opened, ...(await showRegistry(opened)) }
}

for (const scheme of ['light', 'dark'] as const)
  test(`the registry is gone through, and a value edited, by the keyboard alone, in ${scheme}`, async () => {
    const { page, registry, go, complaints, close } = await openRegistry(scheme)
    await page.getByRole('treeitem', { name: /HKEY_USERS/ }).waitFor()
    await go('hkcu\\Software\\Example')
    await page.getByRole('row', { name: /Colours/ }).waitFor()
    expect(await page.getByRole('treeitem', { name: /Example/ }).getAttribute('aria-selected')).toBe('true')
    await page.getByRole('button', { name: 'SYSTEM may read, change values, make keys, delete' }).click()
    await page.getByRole('dialog').getByText('Owner: BUILTIN\\Administrators').waitFor()
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `registry-access-${scheme}.png`) })
    await page.keyboard.press('Escape')
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
