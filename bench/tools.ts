import { parseArgs } from 'node:util'
import type { Page } from 'playwright'
import { openDevice } from '../e2e/fixtures/device.ts'
import { HelperRig } from '../testing/helper-rig.ts'
import { makeTestKey } from '../testing/keys.ts'
import { waitFor } from '../testing/wait-for.ts'
import { startWindowManager } from '../testing/window-manager.ts'
import { OperatorPage } from '../testing/world/operator-page.ts'
import { startOperatorProgram } from '../testing/world/operator-program.ts'
import { percentile } from '../testing/world/received-picture.ts'
import { startRelayProgram } from '../testing/world/relay-program.ts'
import { startXDisplay } from '../testing/x-display.ts'
import type { BenchResult } from './result.ts'
import { OptionsError } from './screen/options.ts'
import { measureToolsScroll } from './tools-scroll.ts'
import { measureYes } from './tools-yes.ts'

const KEYS = 120
const HOSTILE_ROUNDS = 100

/** The elevated shell in the real operator window: how long a key takes to its glyph, and what a program that writes without end does to the window; and how its longest lists scroll. */
export async function benchTools(args: readonly string[]): Promise<BenchResult> {
  const yesMaxMs = readYesSeconds(args) * 1000
  const relay = await startRelayProgram()
  const device = await openDevice(relay)
  const display = await startXDisplay({ width: 1280, height: 720 })
  const windowManager = await startWindowManager(display.name, { maximize: true })
  const operator = await startOperatorProgram({ display: display.name })
  let stopped: Promise<void> | undefined
  const stopWorld = () => {
    stopped ??= (async () => {
      for (const part of [operator, windowManager, display, device, relay]) await part.stop()
    })()
    return stopped
  }
  try {
    const { page } = operator
    const window = new OperatorPage(page)
    await window.signIn(relay.url, relay.administrator)
    await window.requestSession('Tools', { tools: true })
    device.person.listenTo(window)
    await device.person.accept()
    await window.firstFrameAtMs()
    await window.openTool('Shell')
    // A start file of bash may take any time; what is measured is the way of a key.
    await page.getByRole('button', { name: 'New shell' }).click({ timeout: 60_000 })
    await page.getByRole('menuitem', { name: 'Open sh' }).click()
    await page.locator('[data-terminal="2"]').waitFor()
    await window.typeInShell('echo rea""dy\n')
    await window.shellShows('ready')
    const echo = await measureEcho(page)
    const { yesPrintedMb, ...yes } = await measureYes(window, operator.pid, device.program.pid, yesMaxMs)
    const json = {
      echoP50Ms: round(percentile(echo, 0.5)),
      echoP95Ms: round(percentile(echo, 0.95)),
      ...yes,
      hostileCallsExecuted: await countHostileCalls(),
    }
    const rows = Object.entries({ ...json, yesPrintedMb }).map(([what, value]) => ({ what, value }))
    await stopWorld()
    const scrolled = await measureToolsScroll()
    const lists = Object.entries(scrolled).flatMap(([list, speeds]) =>
      Object.entries(speeds).map(([speed, figures]) => ({ list, speed, ...figures })),
    )
    return { rows, more: [lists], json }
  } finally {
    await stopWorld()
  }
}

function readYesSeconds(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { 'yes-seconds': { type: 'string', default: '60' } } })
  const seconds = Number(values['yes-seconds'])
  if (!Number.isInteger(seconds) || seconds < 1) throw new OptionsError('npm run bench -- tools [--yes-seconds N]')
  return seconds
}

/**
 * From the key's event to the end of the frame in which its glyph is in the page. xterm draws within a frame's callbacks, so that a task posted there runs when the
 * frame's own work is done; the next frame's callbacks would come a whole interval later, when the glyph has long been seen.
 */
async function measureEcho(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const rows = document.querySelector('.xterm-rows')
    const samples: number[] = []
    Object.assign(window, { echoSamples: samples })
    let downAtMs = 0
    let startedMs = 0
    const frameDone = new MessageChannel()
    frameDone.port1.onmessage = () => samples.push(performance.now() - startedMs)
    window.addEventListener('keydown', () => (downAtMs = performance.now()), { capture: true })
    new MutationObserver(() => {
      if (downAtMs === 0) return
      startedMs = downAtMs
      downAtMs = 0
      frameDone.port2.postMessage(null)
    }).observe(rows as Element, { childList: true, subtree: true, characterData: true })
  })
  for (let key = 0; key < KEYS; key++) {
    await page.keyboard.press('a')
    await page.waitForTimeout(60 + (key % 7) * 9)
  }
  const samples = await page.evaluate(() => (window as unknown as { echoSamples: number[] }).echoSamples)
  for (let key = 0; key < KEYS; key++) await page.keyboard.press('Backspace')
  // The first ones compile what the others run.
  return samples.slice(20)
}

/** A helper that nobody opened, and calls that would each run something, by hand and with the grants of others: how many did. */
async function countHostileCalls(): Promise<number> {
  const rig = await HelperRig.start()
  const stranger = await makeTestKey()
  const other = await HelperRig.start()
  const calls = [
    { type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 },
    { type: 'input', tool: 'shell', terminal: 1, data: 'id\n' },
    {
      type: 'act',
      tool: 'processes',
      request: 2,
      action: { verb: 'end', process: { pid: process.pid, startTicks: 1 } },
    },
    { type: 'act', tool: 'services', request: 3, action: { verb: 'stop', unit: 'ssh.service' } },
    {
      type: 'act',
      tool: 'registry',
      request: 4,
      action: { verb: 'registry', edit: { do: 'delete', path: 'HKEY_CURRENT_USER\\Software' } },
    },
    { type: 'unlock', tool: 'shell', grant: await rig.grant({}, stranger), proof: await rig.proof() },
    { type: 'unlock', tool: 'shell', grant: await rig.grant({ exp: 1 }), proof: await rig.proof() },
    { type: 'unlock', tool: 'shell', grant: await other.grant(), proof: await other.proof() },
    { type: 'unlock', tool: 'processes', grant: await rig.grant(), proof: await rig.proof() },
    { type: 'unlock', tool: 'shell', grant: await rig.grant({ aud: other.claims.aud }), proof: await rig.proof() },
    { type: 'unlock', tool: 'shell-user', grant: await rig.grant({ tool: 'shell-user' }), proof: await rig.proof() },
    { type: 'unlock', tool: 'shell', grant: await rig.grant(), proof: await rig.proof('grt_another_grant00') },
  ]
  for (let round = 0; round < HOSTILE_ROUNDS; round++) for (const call of calls) rig.send(call)
  rig.send({ type: 'hello', tool: 'shell' })
  const expected = HOSTILE_ROUNDS * calls.length
  await waitFor(
    'every refusal',
    () => rig.messages.filter(({ type }) => type === 'refused').length === expected,
    60_000,
  )
  const executed = rig.reports.filter(({ what }) => what !== 'refused').length
  await rig.close()
  await other.close()
  return executed
}

const round = (value: number) => Math.round(value * 10) / 10
