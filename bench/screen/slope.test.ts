import { expect, test } from 'vitest'
import { slopeOf } from './slope.ts'

test('a line is found through noise, and a single point has no slope', () => {
  const noisy = Array.from({ length: 100 }, (_, x) => ({ x, y: 200 + 0.5 * x + (x % 2 === 0 ? 3 : -3) }))
  expect(slopeOf(noisy)).toBeCloseTo(0.5, 2)
  expect(slopeOf([{ x: 3, y: 9 }])).toBe(0)
})
