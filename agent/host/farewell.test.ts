import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { untilLastWordsLeft } from './farewell.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

/** How long it waits for a buffer that runs empty at `emptyAtMs`. */
async function waitedMs(emptyAtMs: number): Promise<number> {
  const time = new ManualClock(0)
  const clock = { wallMs: time.nowMs, monotonicMs: time.nowMs, setTimer: time.setTimer }
  let isDone = false
  void untilLastWordsLeft(clock, () => (time.nowMs() < emptyAtMs ? 100 : 0)).then(() => (isDone = true))
  while (!isDone && time.nowMs() < 1_000) {
    time.advance(1)
    await settled()
  }
  expect(time.pendingTimers).toBe(0)
  return time.nowMs()
}

it('waits a moment even where nothing waits in the buffer any more', async () => {
  expect(await waitedMs(0)).toBe(50)
})

it('waits until the words have left', async () => {
  expect(await waitedMs(95)).toBe(100)
})

it('does not wait for an operator who takes nothing', async () => {
  expect(await waitedMs(Number.POSITIVE_INFINITY)).toBe(150)
})
