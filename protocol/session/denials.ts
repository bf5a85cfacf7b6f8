import { DENIALS_MAX, DENIALS_WINDOW_MS } from '../limits.ts'

/**
 * Until when somebody whom a person has refused so often may not ask again; null when they may. `deniedAtMs` are the last refusals, in any order.
 * As many as `DENIALS_MAX` within the window shut it for as long again from the last one on.
 */
export function askAgainAtMs(deniedAtMs: readonly number[], nowMs: number): number | null {
  const last = deniedAtMs.toSorted((one, other) => other - one).slice(0, DENIALS_MAX)
  const [newest] = last
  const oldest = last[DENIALS_MAX - 1]
  if (newest === undefined || oldest === undefined || newest - oldest > DENIALS_WINDOW_MS) return null
  const atMs = newest + DENIALS_WINDOW_MS
  return atMs > nowMs ? atMs : null
}
