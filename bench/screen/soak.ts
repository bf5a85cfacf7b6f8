import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { BenchResult } from '../result.ts'
import { measureClicks } from './clicks.ts'
import type { Contender } from './contender.ts'
import { openHandhold } from './handhold.ts'
import { OptionsError } from './options.ts'
import { startPainter } from './painter/program.ts'
import { installSampler, type Sampler } from './sampler.ts'
import { type FrameFigures, figuresOf } from './samples.ts'
import { type Point, slopeOf } from './slope.ts'
import { type ProcessGroup, readProcesses, rssMib } from './usage.ts'
import { WORKLOADS, type WorkloadName } from './workload-names.ts'

const GROUPS = ['host', 'service', 'relay', 'viewer'] as const
type GroupName = (typeof GROUPS)[number]
type Memory = Readonly<Record<GroupName, Point[]>>

const TURN_S = 20
const MEMORY_INTERVAL_MS = 5_000
/** What is filled once (code, caches, buffers) is filled by then; of short soaks a quarter is given to it. */
const WARM_UP_MINUTES = 5
const CLICKS_A_ROUND = 8
const HELP = 'npm run bench -- soak [--minutes N]   mixed work in one session, 30 minutes if not said otherwise'

/** One session with every workload in turn: what memory grows by, and the longest time in which a moving picture stood still. */
export async function benchSoak(args: readonly string[]): Promise<BenchResult> {
  const minutes = readMinutes(args)
  const contender = await openHandhold()
  try {
    const memory: Memory = { host: [], service: [], relay: [], viewer: [] }
    const startedAt = performance.now()
    const elapsedMinutes = () => (performance.now() - startedAt) / 60_000
    const timer = setInterval(() => void noteMemory(contender, memory, elapsedMinutes()), MEMORY_INTERVAL_MS)
    const turns: Array<FrameFigures & { workload: WorkloadName }> = []
    try {
      const sampler = await installSampler(contender.page, contender.picture)
      while (elapsedMinutes() < minutes) {
        for (const workload of WORKLOADS) {
          if (elapsedMinutes() >= minutes) break
          const figures = await runTurn(contender, sampler, workload)
          turns.push({ workload, ...figures })
          const gap = workload === 'idle' ? '–' : `${figures.longestGapMs} ms`
          console.error(`${elapsedMinutes().toFixed(1)} min, ${workload}: longest gap ${gap}`)
        }
        await measureClicks(contender, sampler, CLICKS_A_ROUND)
      }
    } finally {
      clearInterval(timer)
    }
    return report(minutes, memory, turns)
  } finally {
    await contender.stop()
  }
}

async function runTurn({ display }: Contender, sampler: Sampler, workload: WorkloadName): Promise<FrameFigures> {
  const painter = await startPainter(display, workload)
  try {
    await sampler.start()
    const from = Date.now()
    await new Promise(resolve => setTimeout(resolve, TURN_S * 1000))
    return figuresOf(await sampler.stop(), painter.painted, from, Date.now())
  } finally {
    await painter.stop()
  }
}

async function noteMemory({ groups }: Contender, memory: Memory, x: number): Promise<void> {
  const table = await readProcesses()
  const note = (name: GroupName, group: ProcessGroup | undefined) => {
    if (group) memory[name].push({ x, y: rssMib(table, group) })
  }
  for (const name of GROUPS) note(name, groups[name])
}

function report(
  minutes: number,
  memory: Memory,
  turns: ReadonlyArray<FrameFigures & { workload: string }>,
): BenchResult {
  const warmUp = Math.min(WARM_UP_MINUTES, minutes / 4)
  const rows = GROUPS.map(process => {
    const points = memory[process].filter(point => point.x >= warmUp)
    return {
      process,
      'RSS slope MiB/min': Math.round(slopeOf(points) * 1000) / 1000,
      'RSS MiB after warm-up': Math.round(points[0]?.y ?? 0),
      'RSS MiB at the end': Math.round(points.at(-1)?.y ?? 0),
    }
  })
  // Nothing moves while it is idle, so nothing can freeze.
  const moving = turns.filter(turn => turn.workload !== 'idle')
  const json = {
    minutes,
    rssSlopeMiBPerMin: Object.fromEntries(rows.map(row => [row.process, row['RSS slope MiB/min']])),
    longestFreezeMs: Math.max(...moving.map(turn => turn.longestGapMs)),
    tornPerS: Math.round((moving.reduce((sum, turn) => sum + turn.tornPerS, 0) / moving.length) * 100) / 100,
  }
  return { rows, more: [[{ 'longest freeze ms': json.longestFreezeMs, 'torn/s': json.tornPerS }]], json }
}

function readMinutes(args: readonly string[]): number {
  try {
    const { values } = parseArgs({ args: [...args], options: { minutes: { type: 'string', default: '30' } } })
    return z.coerce.number().min(0.5).max(1440).parse(values.minutes)
  } catch (thrown) {
    throw new OptionsError(
      `${thrown instanceof z.ZodError ? z.prettifyError(thrown) : (thrown as Error).message}\n\n${HELP}`,
    )
  }
}
