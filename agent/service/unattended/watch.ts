import type { Clock } from '../../links/clock.ts'

/** Timers stand still while the machine sleeps: a deadline is looked at this often, and so within this time of waking. */
const LOOK_MS = 10_000

/** Calls `onDue` once when `leftMs` says that no time is left, whatever the timers think. Returns the function that ends that. */
export function watchDeadline(clock: Clock, leftMs: () => number, onDue: () => void): () => void {
  let cancel: () => void = () => undefined
  const look = () => {
    const left = leftMs()
    if (left <= 0) return onDue()
    cancel = clock.setTimer(look, Math.min(left, LOOK_MS))
  }
  // Never within the caller's own turn, even when it is due already.
  cancel = clock.setTimer(look, 0)
  return () => cancel()
}
