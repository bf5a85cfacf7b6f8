import { expect, test } from 'vitest'
import { ALWAYS, periodMs } from './period.ts'

test('a period begins with its first day and ends with its last, by this machine’s calendar', () => {
  expect(periodMs({ from: '2026-03-28', to: '2026-03-29' })).toEqual({
    fromMs: new Date(2026, 2, 28).getTime(),
    toMs: new Date(2026, 2, 30).getTime(),
  })
  expect(periodMs({ from: '2026-12-31', to: '2026-12-31' }).toMs).toBe(new Date(2027, 0, 1).getTime())
})

test('what is no day is no end', () => {
  expect(periodMs(ALWAYS)).toEqual({})
  expect(periodMs({ from: '2026-1-1', to: 'tomorrow' })).toEqual({})
})
