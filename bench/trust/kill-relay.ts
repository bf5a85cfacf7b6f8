import { killRelay } from '#testing/relay-kills.ts'

/** SIGKILL at 200 random moments of a relay that writes. */
export async function benchKills(runs = 200) {
  const { killRuns, effectsWithoutRow, rowsWithoutEffect, effects, restartMaxMs } = await killRelay(runs)
  return { json: { killRuns, effectsWithoutRow, rowsWithoutEffect }, effects, restartMaxMs }
}
