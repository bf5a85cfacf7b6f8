const MARKS = [60, 30, 15, 10, 5]

/** The number of seconds to say aloud when a countdown goes from `before` to `now`; null where saying it would only disturb. */
export function spokenSeconds(before: number | null, now: number): number | null {
  const mark = MARKS.find(candidate => now <= candidate && (before === null || before > candidate))
  if (mark === undefined) return null
  // The first time says what there is, even between two marks.
  return before === null ? now : MARKS.includes(now) ? now : null
}
