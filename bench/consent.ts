import { type Device, openDevice } from '../e2e/fixtures/device.ts'
import { hostProcessOf } from '../e2e/fixtures/device-facts.ts'
import { waitFor } from '../testing/wait-for.ts'
import { OperatorPage } from '../testing/world/operator-page.ts'
import { startOperatorProgram } from '../testing/world/operator-program.ts'
import { percentile } from '../testing/world/received-picture.ts'
import { startRelayProgram } from '../testing/world/relay-program.ts'
import { startXDisplay } from '../testing/x-display.ts'
import { type KeyWatch, watchKeys } from '../testing/x-key-watch.ts'
import { keepTyping } from './consent/keep-typing.ts'
import { paintAllTheTime } from './consent/paint.ts'
import { answersProgram } from './consent/synthetic-answer.ts'
import { framesChangedAtMs, watchFrames } from './consent/watch-frames.ts'
import type { BenchResult } from './result.ts'

const RUNS = 20
/** Beside the question, so that it changes under it too. */
const PAINTED = { x: 200, y: 500, width: 100, height: 100 }
/** Long enough that a late frame or key would be seen. */
const WATCHED_MS = 1_500

interface Figures {
  readonly dialogMs: number[]
  readonly pauseMs: number[]
  readonly takeBackMs: number[]
  readonly endMs: number[]
  syntheticAnswers: number
}

/**
 * How soon the person's word counts, by real windows and a hardware pointer: while the screen changes and the operator types, how long after their click the last
 * frame and the last key came. And whether anybody else's press is taken for their answer.
 */
export async function benchConsent(): Promise<BenchResult> {
  const relay = await startRelayProgram()
  const device = await openDevice(relay)
  const display = await startXDisplay({ width: 1440, height: 900 })
  const program = await startOperatorProgram({ display: display.name })
  const keys = await watchKeys(device.display)
  const painter = await paintAllTheTime(device.display, PAINTED)
  try {
    const operator = new OperatorPage(program.page)
    device.person.listenTo(operator)
    await operator.signIn(relay.url, relay.administrator)
    const figures: Figures = { dialogMs: [], pauseMs: [], takeBackMs: [], endMs: [], syntheticAnswers: 0 }
    for (let run = 0; run < RUNS; run++) {
      await measureSession(device, operator, keys, figures)
      await measureTakeBack(device, operator, keys, figures)
      const lastMs = [figures.dialogMs, figures.pauseMs, figures.takeBackMs, figures.endMs].map(all => all.at(-1))
      console.error(`bench: run ${run + 1} of ${RUNS}: question, pause, take back, end after ${lastMs.join(', ')} ms`)
    }
    return resultOf(figures)
  } finally {
    await keys.close()
    await painter.stop()
    await program.stop()
    await display.stop()
    await device.stop()
    await relay.stop()
  }
}

async function measureSession(device: Device, operator: OperatorPage, keys: KeyWatch, figures: Figures): Promise<void> {
  const { person } = device
  const askedAtMs = await operator.requestSession('How soon the person’s word counts')
  figures.dialogMs.push((await person.waitForQuestion()).seenAtMs - askedAtMs)
  if (await answersProgram(device, operator)) figures.syntheticAnswers++
  await person.accept()
  await operator.firstFrameAtMs()
  await operator.clickDevice(600, 600)
  await watchFrames(operator, { x: PAINTED.x + 50, y: PAINTED.y + 50 })
  const typing = keepTyping(operator.page)
  try {
    await isLive(operator, keys, 0)
    const pausedAtMs = await person.pauseFromBanner()
    // Else a press that got lost would count as a pause that never held.
    await person.waitForPausedBanner()
    await operator.page.waitForTimeout(WATCHED_MS)
    figures.pauseMs.push(Math.max(keys.changedAtMs, await framesChangedAtMs(operator)) - pausedAtMs)
    await person.pauseFromBanner()
    await isLive(operator, keys, pausedAtMs + WATCHED_MS)
    const endedAtMs = await person.endFromBanner()
    await waitFor('the session host to be gone', async () => (await hostProcessOf(device)) === undefined, 5_000)
    const goneAtMs = Date.now()
    await operator.page.waitForTimeout(WATCHED_MS)
    figures.endMs.push(Math.max(goneAtMs, keys.changedAtMs) - endedAtMs)
  } finally {
    await typing.stop()
  }
  await operator.showDevices()
  await operator.closeAllTabs()
}

/** In a session of its own: after it the operator only sees, and no key would tell how soon the end holds. */
async function measureTakeBack(
  device: Device,
  operator: OperatorPage,
  keys: KeyWatch,
  figures: Figures,
): Promise<void> {
  const { person } = device
  const askedAtMs = Date.now()
  await operator.requestSession('How soon control is back')
  await person.accept()
  await operator.firstFrameAtMs()
  await operator.clickDevice(600, 600)
  const typing = keepTyping(operator.page)
  try {
    await waitFor('keys to come', () => keys.changedAtMs > askedAtMs, 10_000)
    const takenAtMs = await person.takeBackFromBanner()
    // Else a press that got lost would count as control that was never back.
    await operator.page.getByText('View only').waitFor()
    await operator.page.waitForTimeout(WATCHED_MS)
    figures.takeBackMs.push(keys.changedAtMs - takenAtMs)
  } finally {
    await typing.stop()
  }
  await person.endFromBanner()
  await waitFor('the session host to be gone', async () => (await hostProcessOf(device)) === undefined, 5_000)
  await operator.showDevices()
  await operator.closeAllTabs()
}

/** Keys and frames have come since then. */
const isLive = (operator: OperatorPage, keys: KeyWatch, sinceMs: number) =>
  waitFor(
    'frames and keys to come',
    async () => keys.changedAtMs > sinceMs && (await framesChangedAtMs(operator)) > sinceMs,
    10_000,
  )

function resultOf({ dialogMs, pauseMs, takeBackMs, endMs, syntheticAnswers }: Figures): BenchResult {
  // What came last may have come before the click.
  const p95 = (values: readonly number[]) => Math.max(0, Math.round(percentile([...values], 0.95)))
  const json = {
    runs: RUNS,
    pauseP95Ms: p95(pauseMs),
    takeBackP95Ms: p95(takeBackMs),
    endP95Ms: p95(endMs),
    clickToDialogP95Ms: p95(dialogMs),
    syntheticAnswers,
  }
  const rows = [
    { what: 'pause: the last frame and the last key', 'p95 ms': json.pauseP95Ms },
    { what: 'control taken back: the last key', 'p95 ms': json.takeBackP95Ms },
    { what: 'end: the last key, and no session host', 'p95 ms': json.endP95Ms },
    { what: 'the operator’s click to the question', 'p95 ms': json.clickToDialogP95Ms },
  ]
  return { rows, json }
}
