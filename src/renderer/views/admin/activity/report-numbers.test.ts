import { expect, test } from 'vitest'
import type { ReportRow } from '#protocol/sessions-http.ts'
import { allowedPercent, axisTop, everyDay, totalsOf } from './report-numbers.ts'

const row = (day: string, sessions: number, change: Partial<ReportRow> = {}): ReportRow => ({
  day,
  operator: null,
  group: null,
  sessions,
  noted: 0,
  connected: sessions,
  minutes: sessions * 10,
  outcomes: { 'operator-ended': sessions },
  consent: { granted: sessions, denied: 0, noAnswer: 0, notAsked: 0, unattended: 0 },
  ...change,
})

test('rows add up, the most frequent ending first', () => {
  const denied = row('2026-11-02', 5, {
    outcomes: { denied: 5 },
    consent: { granted: 0, denied: 3, noAnswer: 2, notAsked: 0, unattended: 0 },
  })
  expect(totalsOf([row('2026-11-01', 2), denied])).toEqual({
    sessions: 7,
    connected: 7,
    minutes: 70,
    answers: { granted: 2, denied: 3, noAnswer: 2, notAsked: 0, unattended: 0 },
    outcomes: [
      ['denied', 5],
      ['operator-ended', 2],
    ],
  })
})

test('the part that said yes is of those who were asked', () => {
  expect(allowedPercent({ granted: 3, denied: 1, noAnswer: 0, notAsked: 96, unattended: 0 })).toBe(75)
  expect(allowedPercent({ granted: 0, denied: 0, noAnswer: 0, notAsked: 9, unattended: 4 })).toBeNull()
})

test('a day without a session is there, over the end of a month and of summer time', () => {
  const days = everyDay([row('2026-10-25', 1)], '2026-10-24', 3)
  expect(days).toEqual(['2026-10-24', row('2026-10-25', 1), '2026-10-26'])
  expect(everyDay([], '2026-10-31', 2)).toEqual(['2026-10-31', '2026-11-01'])
})

test('an axis of counts ends above the highest bar, and its quarters are whole', () => {
  expect([0, 3, 4, 7, 18, 22, 41, 100, 101].map(axisTop)).toEqual([4, 4, 4, 8, 20, 24, 60, 100, 120])
})
