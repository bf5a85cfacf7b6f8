import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { wait } from './wait.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

function open() {
  const time = new ManualClock(0)
  const clock = { wallMs: time.nowMs, monotonicMs: time.nowMs, setTimer: time.setTimer }
  const stopper = new AbortController()
  const seen = { isDone: false }
  void wait(clock, 100, stopper.signal).then(() => (seen.isDone = true))
  return { time, stopper, seen }
}

it('ends after its time', async () => {
  const { time, seen } = open()
  time.advance(99)
  await settled()
  expect(seen.isDone).toBe(false)
  time.advance(1)
  await settled()
  expect(seen.isDone).toBe(true)
})

it('ends when it is stopped, and leaves no timer', async () => {
  const { time, stopper, seen } = open()
  stopper.abort()
  await settled()
  expect(seen.isDone).toBe(true)
  expect(time.pendingTimers).toBe(0)
})
