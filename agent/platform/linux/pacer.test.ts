import { expect, test } from 'vitest'
import { FramePacer } from './pacer.ts'

test('the first frame is due at once, the next one an interval later', () => {
  const pacer = new FramePacer(50)
  expect(pacer.waitMs(1000)).toBe(0)
  pacer.take(1000)
  expect(pacer.waitMs(1000)).toBe(10)
})

test('late frames do not lower the rate, and the rate is never exceeded', () => {
  const pacer = new FramePacer(100)
  const times: number[] = []
  for (let now = 0; times.length < 200; now += 0.7) {
    if (pacer.waitMs(now) > 0) continue
    pacer.take(now)
    times.push(now)
  }
  const elapsedMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  expect(elapsedMs).toBeGreaterThan(199 * 10 - 10)
  expect(elapsedMs).toBeLessThan(199 * 10 + 10)
})

test.each([0, -1, Number.NaN])('%d frames a second is refused', rate => {
  expect(() => new FramePacer(rate)).toThrow(RangeError)
})
