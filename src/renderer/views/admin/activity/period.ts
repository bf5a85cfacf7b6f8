/** Days as their fields write them (`2026-11-22`), each empty where the period has no such end. */
export interface Period {
  readonly from: string
  readonly to: string
}

export const ALWAYS: Period = { from: '', to: '' }

/** The period in epoch ms of this machine's days: `fromMs` is in, `toMs` is out. */
export function periodMs({ from, to }: Period): { fromMs?: number; toMs?: number } {
  const start = startOf(from)
  const end = startOf(to, 1)
  return { ...(start === null ? {} : { fromMs: start }), ...(end === null ? {} : { toMs: end }) }
}

function startOf(day: string, plusDays = 0): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (!match) return null
  // By the calendar and not by 24 hours: a day of the change of clocks is longer or shorter.
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + plusDays).getTime()
}
