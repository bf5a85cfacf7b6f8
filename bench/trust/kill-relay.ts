import { killRelay } from '#testing/relay-kills/kills.ts'
import { builtProgram } from '#testing/world/programs.ts'
import { percentile } from '#testing/world/received-picture.ts'

/** SIGKILL at random moments of the built relay while it writes, and how long it takes to be back each time. */
export async function benchKills(runs: number) {
  const { restartsMs, effects, ...figures } = await killRelay(runs, builtProgram('relay/relay.js'))
  const restarts = { restartP95Ms: percentile(restartsMs, 0.95), restartMaxMs: Math.max(...restartsMs) }
  return { ...figures, effectsWritten: effects, ...restarts }
}
