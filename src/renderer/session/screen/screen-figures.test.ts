import { expect, test } from 'vitest'
import { screenFiguresOf } from './screen-figures.ts'

const first = { atMs: 10_000, counters: { frames: 10, tileBytes: 1_000, drawnAtMs: 9_900 } }

test('two readings make rates, and the newest picture has its age', () => {
  const second = { atMs: 12_000, counters: { frames: 70, tileBytes: 251_000, drawnAtMs: 11_500 } }
  expect(screenFiguresOf(first, second)).toEqual({ framesPerSecond: 30, tileBitsPerSecond: 1_000_000, ageMs: 500 })
})

test('before the first picture and before a second reading there is nothing to say', () => {
  const nothing = { atMs: 5, counters: { frames: 0, tileBytes: 0, drawnAtMs: 0 } }
  expect(screenFiguresOf(undefined, nothing)).toEqual({})
  expect(screenFiguresOf(first, { ...first, atMs: 9_000 })).toEqual({ ageMs: 0 })
})
