import { runHostileRelay } from '#testing/hostile-relay/run.ts'

const HONEST_RUNS = 5
/** Longer than any attack needs to be refused; what only waits is given up then. */
const SETTLE_MS = 4_000

/** Every known attack of a relay, and what came of it. Throws when an undisturbed session beside them doesn't open. */
export async function benchHostileRelay() {
  const { honest, attacks, proofMs } = await runHostileRelay({ honestRuns: HONEST_RUNS, settleMs: SETTLE_MS })
  if (honest.some(({ opened }) => opened < 2)) throw new Error('an undisturbed session did not open')
  const sorted = proofMs.toSorted((one, two) => one - two)
  return {
    /** Median, from the connection to the moment in which both ends were proven. */
    proofMs: sorted[Math.floor(sorted.length / 2)] ?? Number.NaN,
    hostileRelayAttacks: attacks.length,
    /** Attacks after which a session was open, a frame was shown or the device did something. */
    hostileRelayOpened: attacks.filter(({ opened, frames, calls }) => opened + frames + calls > 0).length,
  }
}
