const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** `4:07`, `1:04:07`. Below zero counts as zero. */
export function clockText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** Whole seconds that are left, rounded up: a countdown shows 1 until it is over. */
export const secondsLeft = (untilMs: number, nowMs: number): number =>
  Math.max(0, Math.ceil((untilMs - nowMs) / SECOND_MS))

/** `24 s`, `3:05 min`. */
export function leftText(untilMs: number, nowMs: number): string {
  const seconds = secondsLeft(untilMs, nowMs)
  return seconds < 60 ? `${seconds} s` : `${clockText(seconds * SECOND_MS)} min`
}

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`, then the date. */
export function agoText(atMs: number, nowMs: number): string {
  const elapsedMs = nowMs - atMs
  if (elapsedMs < MINUTE_MS) return 'just now'
  if (elapsedMs < HOUR_MS) return `${Math.floor(elapsedMs / MINUTE_MS)} min ago`
  if (elapsedMs < DAY_MS) return `${Math.floor(elapsedMs / HOUR_MS)} h ago`
  if (elapsedMs < 2 * DAY_MS) return 'yesterday'
  if (elapsedMs < 30 * DAY_MS) return `${Math.floor(elapsedMs / DAY_MS)} days ago`
  return new Date(atMs).toLocaleDateString(undefined, { dateStyle: 'medium' })
}

/** The local date and time to the minute, for a cell. */
export const momentText = (atMs: number): string =>
  new Date(atMs).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** The exact local date and time, for a title. */
export const exactText = (atMs: number): string =>
  new Date(atMs).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' })
