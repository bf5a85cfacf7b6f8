import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TestPolicy } from '../../testing/policy.ts'
import { UNHURRIED_TIMES } from '../../testing/short-times.ts'
import { openUnattendedWorld } from '../../testing/unattended-world.ts'
import type { BenchResult } from '../result.ts'
import { OptionsError } from '../screen/options.ts'
import { type KillRun, killRun } from './kill-runs.ts'
import { countRedemptions } from './redemptions.ts'
import { lookAtSockets } from './sockets.ts'

const RUNS = 100
/** Of the runs that are wanted, so many times as many may be begun: more of them cut short, and the machine is too slow to show anything. */
const BEGUN_MAX = 1.25
/** Of each kind. Each mostly waits. */
const DEVICES = 3
const COVER = fileURLToPath(new URL('../../dist/main/consent.js', import.meta.url))

/**
 * The whole life of kiosks with a maintenance screen and of servers with a display in memory, one process killed at a random moment of it; what stays of them;
 * and how often one password opens one. `--runs N` for another number than 100.
 */
export async function benchUnattended(args: readonly string[]): Promise<BenchResult> {
  const wanted = readRuns(args)
  if (!existsSync(COVER))
    throw new OptionsError('unattended takes the built maintenance screen: run npm run build first')
  const redemptions = await countRedemptions()
  const world = await openUnattendedWorld({ isHeadless: true })
  try {
    const policy = new TestPolicy(world.relay, world.token)
    await policy.set(await policy.rootId(), { maintenanceScreen: true, virtualDisplay: true })
    const kinds = [{ consent: [process.execPath, COVER], screen: { width: 800, height: 600 } }, {}]
    const devices = await Promise.all(
      Array.from({ length: DEVICES }, () => kinds)
        .flat()
        .map(kind => world.addDevice({ ...kind, isTold: true, pace: 'unhurried' })),
    )
    const [first] = devices
    if (!first) throw new Error('there is no device')
    const { rows: sockets, listeners } = await lookAtSockets(world, first)
    const all: KillRun[] = []
    let missing = wanted
    const work = async (device: (typeof devices)[number]) => {
      while (missing-- > 0) {
        const run = await killRun(world, device, Math.random)
        all.push(run)
        if (run.cutShort === null) {
          const seconds = Math.round(run.armedMs / 100) / 10
          console.error(`bench: run ${all.length}: ${run.victim} while ${run.moment}, armed for ${seconds} s`)
          continue
        }
        console.error(`bench: once more, for a session ended before anything was killed: ${run.cutShort}`)
        missing++
        if (all.length > Math.max(wanted + devices.length, wanted * BEGUN_MAX))
          throw new Error('the sessions end too often by themselves')
      }
    }
    await Promise.all(devices.map(work))
    const runs = all.filter(({ cutShort }) => cutShort === null)
    const left = all.flatMap(run => run.left)
    for (const what of left) console.error(`bench: left behind: ${what}`)
    const [longest] = all.toSorted((one, other) => other.armedMs - one.armedMs)
    const json = {
      killRuns: runs.length,
      leftBehind: left.length,
      longestArmedSeconds: Math.round(longest?.armedMs ?? 0) / 1000,
      listeners: listeners.length,
      redemptions,
    }
    const rows = [
      ...count(
        'killed',
        runs.map(({ victim }) => victim),
      ),
      ...count(
        'while the session was',
        runs.map(({ moment }) => moment),
      ),
      { what: 'longest armed after the kill of', value: longest ? `${longest.victim}, ${longest.moment}` : '' },
      { what: 'time for coming back in these runs, seconds', value: UNHURRIED_TIMES.lingerMs / 1000 },
      ...Object.entries(json).map(([what, value]) => ({ what, value })),
    ]
    return { rows, more: [sockets], json }
  } finally {
    await world.close()
  }
}

const count = (what: string, each: readonly string[]) =>
  [...Map.groupBy(each, one => one)].map(([one, { length }]) => ({ what: `${what}: ${one}`, value: length }))

function readRuns(args: readonly string[]): number {
  if (args.length === 0) return RUNS
  const runs = args[0] === '--runs' && args.length === 2 ? Number(args[1]) : Number.NaN
  if (!Number.isInteger(runs) || runs < 1) throw new OptionsError('unattended takes --runs and a number from 1')
  return runs
}
