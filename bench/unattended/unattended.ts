import { SHORT_TIMES } from '../../testing/short-times.ts'
import { openUnattendedWorld } from '../../testing/unattended-world.ts'
import type { BenchResult } from '../result.ts'
import { OptionsError } from '../screen/options.ts'
import { type KillRun, killRun } from './kill-runs.ts'
import { countRedemptions } from './redemptions.ts'
import { lookAtSockets } from './sockets.ts'

const RUNS = 100
/** Each mostly waits. */
const DEVICES = 4

/** A kiosk's whole life, killed at random moments; what stays of it; and how often one password opens it. `--runs N` for another number than 100. */
export async function benchUnattended(args: readonly string[]): Promise<BenchResult> {
  const wanted = readRuns(args)
  const world = await openUnattendedWorld()
  try {
    const devices = await Promise.all(Array.from({ length: DEVICES }, () => world.addDevice()))
    const [first] = devices
    if (!first) throw new Error('there is no device')
    const { rows: sockets, listeners } = await lookAtSockets(world, first)
    const redemptions = await countRedemptions(world, first)
    const runs: KillRun[] = []
    let begun = 0
    const work = async (device: (typeof devices)[number]) => {
      while (begun++ < wanted) runs.push(await killRun(world, device, Math.random))
    }
    await Promise.all(devices.map(work))
    const left = runs.flatMap(run => run.left)
    for (const what of left) console.error(`bench: left behind: ${what}`)
    const json = {
      killRuns: runs.length,
      leftBehind: left.length,
      longestArmedSeconds: Math.round(Math.max(0, ...runs.map(run => run.armedMs))) / 1000,
      listeners: listeners.length,
      redemptions,
    }
    const rows = [
      { what: 'runs whose service was killed', value: runs.filter(({ victim }) => victim === 'service').length },
      { what: 'runs whose session host was killed', value: runs.filter(({ victim }) => victim === 'host').length },
      { what: 'time for coming back in these runs, seconds', value: SHORT_TIMES.lingerMs / 1000 },
      ...Object.entries(json).map(([what, value]) => ({ what, value })),
    ]
    return { rows, more: [sockets], json }
  } finally {
    await world.close()
  }
}

function readRuns(args: readonly string[]): number {
  if (args.length === 0) return RUNS
  const runs = args[0] === '--runs' && args.length === 2 ? Number(args[1]) : Number.NaN
  if (!Number.isInteger(runs) || runs < 1) throw new OptionsError('unattended takes --runs and a number from 1')
  return runs
}
