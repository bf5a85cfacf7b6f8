import { expect, test } from 'vitest'
import { momentOf, stampOf } from './barcode.ts'
import { figuresOf } from './samples.ts'

const START = 1_800_000_000_123

const seen = (paintedMs: number, afterMs: number) => ({ atMs: paintedMs + afterMs, stamp: stampOf(paintedMs) })

test('a stamp is read as the newest moment that it can mean', () => {
  for (const ago of [0, 1, 40_000, 65_535]) expect(momentOf(stampOf(START - ago), START)).toBe(START - ago)
})

test('each painted stamp counts once, with the time until it was seen first', () => {
  const painted = [START, START + 100, START + 200]
  const samples = [seen(START, 20), seen(START, 60), seen(START + 100, 30), seen(START + 200, 40)]
  expect(figuresOf(samples, painted, START, START + 1000)).toEqual({
    fps: 3,
    p50Ms: 30,
    p95Ms: 40,
    tornPerS: 0,
    longestGapMs: 760,
  })
})

test('what was never painted, goes back or is neither black nor white is torn', () => {
  const painted = [START, START + 100]
  const samples = [
    seen(START + 100, 20),
    seen(START + 117, 20),
    { atMs: START + 140, stamp: -1 },
    seen(START, 160),
    seen(START + 100, 80),
  ]
  const figures = figuresOf(samples, painted, START, START + 1000)
  expect(figures.fps).toBe(1)
  expect(figures.tornPerS).toBe(3)
})

test('frames of the warm-up count for nothing but the order', () => {
  const figures = figuresOf([seen(START, 10), seen(START, 400)], [START], START + 300, START + 1300)
  expect(figures).toMatchObject({ fps: 0, p50Ms: null, p95Ms: null, longestGapMs: 1000 })
})
