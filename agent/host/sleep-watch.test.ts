import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { createFakePlatform } from '../platform/fake/index.ts'
import { SleepWatch } from './sleep-watch.ts'

const settled = () => new Promise(resolve => setImmediate(resolve))

it('asks at once and every five seconds while somebody looks, and never otherwise', async () => {
  const time = new ManualClock(0)
  const { machine, openDesktop } = createFakePlatform()
  const desktop = await openDesktop({})
  const clock = { wallMs: time.nowMs, monotonicMs: time.nowMs, setTimer: time.setTimer }
  const told: boolean[] = []
  const watch: SleepWatch = new SleepWatch(clock, () => told.push(watch.isAsleep))
  expect(time.pendingTimers).toBe(0)
  watch.watch(desktop)
  await settled()
  machine.isAsleep = true
  time.advance(4_999)
  await settled()
  expect(told).toEqual([])
  time.advance(1)
  await settled()
  expect(told).toEqual([true])
  watch.watch(undefined)
  expect(told).toEqual([true, false])
  expect(time.pendingTimers).toBe(0)
})

it('a desktop that is lost meanwhile is awake', async () => {
  const time = new ManualClock(0)
  const { machine, openDesktop } = createFakePlatform()
  const desktop = await openDesktop({})
  machine.isAsleep = true
  machine.crash()
  const clock = { wallMs: time.nowMs, monotonicMs: time.nowMs, setTimer: time.setTimer }
  const watch = new SleepWatch(clock, () => undefined)
  watch.watch(desktop)
  await settled()
  expect(watch.isAsleep).toBe(false)
})
