import { expect, it } from 'vitest'
import { askAgainAtMs } from './denials.ts'

const MINUTE = 60_000

it('three refusals within a quarter of an hour shut it for a quarter of an hour from the last one on', () => {
  expect(askAgainAtMs([], 0)).toBeNull()
  expect(askAgainAtMs([1 * MINUTE, 2 * MINUTE], 2 * MINUTE)).toBeNull()
  expect(askAgainAtMs([3 * MINUTE, 1 * MINUTE, 2 * MINUTE], 4 * MINUTE)).toBe(18 * MINUTE)
  expect(askAgainAtMs([3 * MINUTE, 1 * MINUTE, 2 * MINUTE], 18 * MINUTE)).toBeNull()
  expect(askAgainAtMs([1 * MINUTE, 2 * MINUTE, 17 * MINUTE], 17 * MINUTE)).toBeNull()
})
