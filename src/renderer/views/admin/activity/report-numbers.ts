import type { EndReason } from '#protocol/session/reasons.ts'
import type { ReportRow } from '#protocol/sessions-http.ts'

export const ANSWERS = ['granted', 'denied', 'noAnswer', 'notAsked', 'unattended'] as const
export type Answer = (typeof ANSWERS)[number]
export type Answers = Readonly<Record<Answer, number>>

export interface ReportTotals {
  readonly sessions: number
  readonly connected: number
  readonly minutes: number
  readonly answers: Answers
  /** The most frequent first. */
  readonly outcomes: readonly (readonly [reason: EndReason, count: number])[]
}

/** All rows as one. */
export function totalsOf(rows: readonly ReportRow[]): ReportTotals {
  const answers = { granted: 0, denied: 0, noAnswer: 0, notAsked: 0, unattended: 0 }
  const outcomes = new Map<EndReason, number>()
  for (const { consent, outcomes: ends } of rows) {
    for (const answer of ANSWERS) answers[answer] += consent[answer]
    for (const [reason, count] of Object.entries(ends) as [EndReason, number][])
      outcomes.set(reason, (outcomes.get(reason) ?? 0) + count)
  }
  return {
    sessions: sum(rows, row => row.sessions),
    connected: sum(rows, row => row.connected),
    minutes: sum(rows, row => row.minutes),
    answers,
    outcomes: [...outcomes].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a),
  }
}

const sum = (rows: readonly ReportRow[], number: (row: ReportRow) => number) =>
  rows.reduce((total, row) => total + number(row), 0)

/** The part of those who were asked that said yes, in percent; null where nobody was asked. */
export function allowedPercent({ granted, denied, noAnswer }: Answers): number | null {
  const asked = granted + denied + noAnswer
  return asked === 0 ? null : Math.round((granted / asked) * 100)
}

const DAY_MS = 86_400_000

/** Every day from the first to the last, so that a day without a session is a gap and not left out. Days are `2026-11-22`. */
export function everyDay(rows: readonly ReportRow[], firstDay: string, days: number): readonly (ReportRow | string)[] {
  const known = new Map(rows.map(row => [row.day, row]))
  const start = Date.parse(firstDay)
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(start + index * DAY_MS).toISOString().slice(0, 10)
    return known.get(day) ?? day
  })
}

const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/** The top of an axis of counts: at least `value`, and a quarter of it is a round number too. */
export function axisTop(value: number): number {
  const quarter = Math.max(1, value / 4)
  const step = 10 ** Math.floor(Math.log10(quarter))
  const rounded = ROUND.map(factor => factor * step).find(one => Number.isInteger(one) && one >= quarter)
  return 4 * (rounded ?? Math.ceil(quarter))
}
