import { expect, test } from 'vitest'
import { bytesText } from './bytes.ts'
import { agoText, clockText, leftText, secondsLeft } from './duration.ts'
import { bitrateText, millisecondsText, rateText } from './figures.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

test('durations count like a clock', () => {
  expect([0, 999, 61_000, HOUR_MS + 4 * MINUTE_MS + 7_000, -5].map(clockText)).toEqual([
    '0:00',
    '0:00',
    '1:01',
    '1:04:07',
    '0:00',
  ])
})

test('what is left rounds up and never goes below zero', () => {
  expect(secondsLeft(10_001, 0)).toBe(11)
  expect(secondsLeft(0, 5_000)).toBe(0)
  expect(leftText(24_000, 0)).toBe('24 s')
  expect(leftText(552_000, 0)).toBe('9:12 min')
})

test('how long ago, in the words that people use', () => {
  const now = 1_700_000_000_000
  const ago = (ms: number) => agoText(now - ms, now)
  expect(ago(-5_000)).toBe('just now')
  expect(ago(59_000)).toBe('just now')
  expect(ago(5 * MINUTE_MS)).toBe('5 min ago')
  expect(ago(3 * HOUR_MS)).toBe('3 h ago')
  expect(ago(30 * HOUR_MS)).toBe('yesterday')
  expect(ago(12 * 24 * HOUR_MS)).toBe('12 days ago')
  expect(ago(400 * 24 * HOUR_MS)).toMatch(/20\d\d/)
})

test('figures have units, and what is not known is not a zero', () => {
  expect([millisecondsText(undefined), millisecondsText(1.26), millisecondsText(42.4)]).toEqual([
    '–',
    '1.3 ms',
    '42 ms',
  ])
  expect([bitrateText(undefined), bitrateText(812_345), bitrateText(4_560_000)]).toEqual([
    '–',
    '812 kbit/s',
    '4.6 Mbit/s',
  ])
  expect([rateText(undefined), rateText(29.97)]).toEqual(['–', '30'])
})

test('sizes have three figures at most', () => {
  const sizes = [0, 999, 1_000, 16e9, 5e11, 2 ** 40, Number.MAX_SAFE_INTEGER]
  expect(sizes.map(bytesText)).toEqual(['0 bytes', '999 bytes', '0.98 KiB', '15 GiB', '466 GiB', '1 TiB', '8 PiB'])
})
