import { expect, test } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { QuietMemory } from './quiet-memory.ts'

test('memory is given back five seconds after the last thing that happened, where there is some to give', () => {
  const clock = new ManualClock()
  let heldBytes = 30 * 1024 * 1024
  let shrunk = 0
  const shrink = () => {
    shrunk++
    heldBytes = 12 * 1024 * 1024
  }
  const memory = new QuietMemory(
    { setTimer: clock.setTimer, monotonicMs: clock.nowMs },
    { heldBytes: () => heldBytes, shrink },
  )
  memory.stir()
  clock.advance(4_000)
  memory.stir()
  clock.advance(4_000)
  expect(shrunk).toBe(0)
  clock.advance(1_000)
  expect(shrunk).toBe(1)
  memory.stir()
  clock.advance(60_000)
  expect(shrunk).toBe(1)
})

test('the heap of this process shrinks', () => {
  const clock = new ManualClock()
  const memory = new QuietMemory({ setTimer: clock.setTimer, monotonicMs: clock.nowMs })
  let garbage: object[] | undefined = Array.from({ length: 500_000 }, () => ({}))
  expect(garbage).toHaveLength(500_000)
  const before = process.memoryUsage().heapTotal
  garbage = undefined
  memory.stir()
  clock.advance(5_000)
  expect(process.memoryUsage().heapTotal).toBeLessThan(before)
})
