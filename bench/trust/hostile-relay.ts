import { runHostileRelay } from '#testing/hostile-relay/run.ts'

const HONEST_RUNS = 5
/** Longer than any attack needs to be refused; what only waits is given up then. */
const SETTLE_MS = 4_000

/** Every known attack of a relay, with and without a strict organisation, and what came of it. Throws when an undisturbed session beside them doesn't open. */
export async function benchHostileRelay() {
  const how = { honestRuns: HONEST_RUNS, settleMs: SETTLE_MS }
  const runs = [await runHostileRelay({ mode: 'plain', ...how }), await runHostileRelay({ mode: 'strict', ...how })]
  const honest = runs.flatMap(run => run.honest)
  const attacks = runs.flatMap(run => run.attacks)
  const proofMs = runs.flatMap(run => run.proofMs)
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
