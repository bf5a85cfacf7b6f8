import { expect, test } from 'vitest'
import { WheelAccumulator } from './wheel.ts'

const pixels = (deltaX: number, deltaY: number) => ({ deltaMode: 0, deltaX, deltaY })

test('a mouse’s notch is one notch, whatever the system’s scroll speed makes of it', () => {
  const wheel = new WheelAccumulator()
  const notch = { deltaMode: 0, deltaX: 0, deltaY: 53, wheelDeltaX: 0, wheelDeltaY: -120 }
  expect(wheel.add(notch, 0)).toEqual({ dx: 0, dy: 1 })
  expect(wheel.add({ ...notch, wheelDeltaY: 240 }, 10)).toEqual({ dx: 0, dy: -2 })
})

test('small turns add up to whole notches', () => {
  const wheel = new WheelAccumulator()
  const results = Array.from({ length: 10 }, (_, index) => wheel.add(pixels(0, 30), index))
  expect(results.map(result => result?.dy ?? 0)).toEqual([0, 0, 0, 1, 0, 0, 1, 0, 0, 1])
})

test('lines and pages count as well', () => {
  const wheel = new WheelAccumulator()
  expect(wheel.add({ deltaMode: 1, deltaX: 0, deltaY: 3 }, 0)).toEqual({ dx: 0, dy: 1 })
  expect(wheel.add({ deltaMode: 1, deltaX: -6, deltaY: 0 }, 0)).toEqual({ dx: -2, dy: 0 })
  expect(wheel.add({ deltaMode: 2, deltaX: 0, deltaY: 1 }, 0)).toEqual({ dx: 0, dy: 10 })
})

test('a turn back and a long pause forget what was left of a notch', () => {
  const wheel = new WheelAccumulator()
  wheel.add(pixels(0, 90), 0)
  expect(wheel.add(pixels(0, -50), 10)).toBeUndefined()
  expect(wheel.add(pixels(0, -50), 20)).toEqual({ dx: 0, dy: -1 })
  wheel.add(pixels(0, 90), 30)
  expect(wheel.add(pixels(0, 20), 1_000)).toBeUndefined()
})

test('no message says more than a hundred notches', () => {
  expect(new WheelAccumulator().add(pixels(1e9, -1e9), 0)).toEqual({ dx: 100, dy: -100 })
})
