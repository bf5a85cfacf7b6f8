import { expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import type { PointerPosition } from '../../platform/platform.ts'
import { PointerPlace } from './pointer-place.ts'

function open() {
  const time = new ManualClock(0)
  const told: PointerPosition[] = []
  const clock = { wallMs: time.nowMs, monotonicMs: time.nowMs, setTimer: time.setTimer }
  const place = new PointerPlace({ clock, send: position => told.push(position) })
  place.setBounds({ x: 100, y: 50, width: 200, height: 100 })
  return { time, told, place }
}

it('what somebody else does is told at once, in pixels of the shown display', () => {
  const { told, place, time } = open()
  place.handleMoved({ x: 110, y: 70 })
  expect(told).toEqual([{ x: 10, y: 20 }])
  expect(time.pendingTimers).toBe(0)
})

it('outside of the shown display nothing is told', () => {
  const { told, place, time } = open()
  for (const [x, y] of [
    [99, 60],
    [300, 60],
    [110, 49],
    [110, 150],
  ] as const) {
    place.handleMoved({ x, y })
    time.advance(100)
  }
  expect(told).toEqual([])
})

it('at most thirty positions a second, and the last one always', () => {
  const { told, place, time } = open()
  for (let ms = 0; ms < 1_000; ms++) {
    place.handleMoved({ x: 100 + (ms % 200), y: 60 })
    time.advance(1)
  }
  place.handleMoved({ x: 222, y: 77 })
  time.advance(1_000)
  expect(told.length).toBeLessThanOrEqual(31)
  expect(told.length).toBeGreaterThan(25)
  expect(told.at(-1)).toEqual({ x: 122, y: 27 })
  expect(time.pendingTimers).toBe(0)
})

it('one’s own movement doesn’t come back, whenever the device tells of it', () => {
  const { told, place, time } = open()
  for (let step = 0; step < 10; step++) {
    place.handleOwn({ x: 110 + step, y: 60 })
    time.advance(20)
    place.handleMoved({ x: 109 + step, y: 60 })
  }
  place.handleMoved({ x: 119, y: 60 })
  time.advance(5_000)
  place.handleMoved({ x: 119, y: 60 })
  expect(told).toEqual([])
})

it('where somebody else left the pointer is told when one’s own movement is over, and so is the way back', () => {
  const { told, place, time } = open()
  place.handleOwn({ x: 110, y: 60 })
  time.advance(50)
  place.handleMoved({ x: 130, y: 60 })
  time.advance(149)
  expect(told).toEqual([])
  time.advance(1)
  expect(told).toEqual([{ x: 30, y: 10 }])
  time.advance(100)
  place.handleMoved({ x: 110, y: 60 })
  expect(told.at(-1)).toEqual({ x: 10, y: 10 })
})

it('after stop nothing that waited is told', () => {
  const { told, place, time } = open()
  place.handleOwn({ x: 110, y: 60 })
  place.handleMoved({ x: 130, y: 60 })
  place.stop()
  time.advance(1_000)
  expect(told).toEqual([])
})
