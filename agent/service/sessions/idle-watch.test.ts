import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { HOST_ACTIVITY_INTERVAL_MS } from '../../links/host-link.ts'
import { IdleWatch } from './idle-watch.ts'

const IDLE_MS = 60_000

function watch(idleMs: number | undefined) {
  const clock = new ManualClock()
  let ends = 0
  const idle = new IdleWatch({
    clock: { wallMs: clock.nowMs, monotonicMs: clock.nowMs, setTimer: clock.setTimer },
    idleMs,
    onIdle: () => void ends++,
  })
  return { clock, idle, ends: () => ends }
}

it('counts from what was done last, and never too early', () => {
  const { clock, idle, ends } = watch(IDLE_MS)
  idle.touch()
  for (let round = 0; round < 5; round++) {
    clock.advance(IDLE_MS)
    idle.touch()
  }
  // Something that was done within the host's interval isn't said.
  clock.advance(IDLE_MS + HOST_ACTIVITY_INTERVAL_MS - 1)
  expect(ends()).toBe(0)
  clock.advance(1)
  expect(ends()).toBe(1)
})

it('says nothing once it is stopped, before anybody is in, and without a limit', () => {
  const stopped = watch(IDLE_MS)
  stopped.idle.touch()
  stopped.idle.stop()
  const early = watch(IDLE_MS)
  const unlimited = watch(undefined)
  unlimited.idle.touch()
  for (const { clock, ends } of [stopped, early, unlimited]) {
    clock.advance(100 * IDLE_MS)
    expect(ends()).toBe(0)
  }
})
