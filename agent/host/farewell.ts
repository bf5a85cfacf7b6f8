import type { Clock } from '../links/clock.ts'

/** How long the operator's side gets to take the last words from `control`. */
const FAREWELL_MS = 150
const STEP_MS = 10
/** An empty buffer only says that the words left this program; so long they may still be in libwebrtc's. */
const LEAST_MS = 40

/**
 * Resolves when what was sent last has most likely arrived, or won't any more. libwebrtc's addon never says that a buffer ran empty, so it is asked.
 * Closing at once would drop what is in flight.
 */
export async function untilLastWordsLeft(clock: Clock, unsentBytes: () => number): Promise<void> {
  for (let waitedMs = 0; waitedMs < FAREWELL_MS; waitedMs += STEP_MS) {
    await new Promise<void>(resolve => clock.setTimer(resolve, STEP_MS))
    if (unsentBytes() === 0 && waitedMs >= LEAST_MS) return
  }
}
