const FIRST_MS = 5_000
const CAP_MS = 12 * 60 * 60_000
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60_000

/** How long to wait after this many failed tries; null means stop. `random` is from 0 to 1: many receivers that came back are not all called at once. */
export function retryDelayMs(failedTries: number, ageMs: number, random: number): number | null {
  const delayMs = Math.round(Math.min(CAP_MS, FIRST_MS * 3 ** (failedTries - 1)) * (0.8 + 0.4 * random))
  return ageMs + delayMs > GIVE_UP_AFTER_MS ? null : delayMs
}
