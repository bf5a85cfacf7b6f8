import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { MachineFacts } from '#protocol/tools/messages.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { LiveList } from './live-list.ts'

const machine: MachineFacts = { cpu: 0, processors: 1, memoryUsed: 0, memoryTotal: 1, load: 0, uptimeS: 1 }

it('a live list is quiet while it may not tell, and goes on by itself after that, anew and whole', async () => {
  const manual = new ManualClock()
  const clock = { wallMs: manual.nowMs, monotonicMs: manual.nowMs, setTimer: manual.setTimer }
  const list = new LiveList(clock, 1_500)
  const told: [isFirst: boolean, gone: number[]][] = []
  let mayTell = true
  let looks = 0
  let isTakenMeanwhile = false
  // Each look tells how many there were since it began.
  const begin = () => {
    let since = 0
    return async () => {
      looks++
      if (isTakenMeanwhile) mayTell = false
      return { rows: [], gone: [since++], machine }
    }
  }
  const round = async () => {
    manual.advance(1_500)
    await setImmediate()
  }
  list.watch(
    begin,
    ({ isFirst, gone }) => told.push([isFirst, gone]),
    () => mayTell,
  )
  await setImmediate()
  await round()
  expect(told.splice(0)).toEqual([
    [true, [0]],
    [false, [1]],
  ])

  mayTell = false
  for (let rounds = 0; rounds < 3; rounds++) await round()
  expect([told, looks]).toEqual([[], 2])
  mayTell = true
  for (let rounds = 0; rounds < 2; rounds++) await round()
  expect(told.splice(0)).toEqual([
    [true, [0]],
    [false, [1]],
  ])

  // The right goes while it looks: that look isn't told, and nothing of it is missing later.
  isTakenMeanwhile = true
  await round()
  isTakenMeanwhile = false
  expect(told).toEqual([])
  mayTell = true
  await round()
  expect(told.splice(0)).toEqual([[true, [0]]])

  list.stop()
  list.stop()
  expect(manual.pendingTimers).toBe(0)
})
