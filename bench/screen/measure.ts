import type { Contender, Groups } from './contender.ts'
import type { PainterProgram } from './painter/program.ts'
import type { Sampler } from './sampler.ts'
import { type FrameFigures, figuresOf } from './samples.ts'
import { cpuPct, type ProcessTable, readProcesses } from './usage.ts'

export interface WorkloadFigures extends FrameFigures {
  /** Frames a second that were really painted; what no viewer can exceed. */
  readonly paintedFps: number
  readonly kBps: number
  /** Per cent of one core by group; undefined where the contender has no such group. */
  readonly cpuPct: Readonly<Record<keyof Groups, number | undefined>>
}

interface Reading {
  readonly atMs: number
  readonly processes: ProcessTable
  readonly bytes: number
}

const GROUPS = ['host', 'service', 'consent', 'xServer', 'viewer', 'relay'] as const
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** One workload: warm-up, then what the viewer showed and what it cost over `seconds`. */
export async function measureWorkload(
  contender: Contender,
  /** Undefined where nothing is to be seen: then nothing looks either, since looking costs the viewer. */
  sampler: Sampler | undefined,
  painter: PainterProgram,
  { seconds, warmUpSeconds }: { seconds: number; warmUpSeconds: number },
): Promise<WorkloadFigures> {
  await sampler?.start()
  await pause(warmUpSeconds * 1000)
  const before = await read(contender)
  await pause(seconds * 1000)
  const after = await read(contender)
  const samples = (await sampler?.stop()) ?? []
  const elapsedMs = after.atMs - before.atMs
  const paintedMeanwhile = painter.painted.filter(at => at >= before.atMs && at <= after.atMs).length
  const usage = GROUPS.map(group => {
    const processes = contender.groups[group]
    return [group, processes && cpuPct(before.processes, after.processes, processes, elapsedMs)] as const
  })
  return {
    ...figuresOf(samples, painter.painted, before.atMs, after.atMs),
    paintedFps: (paintedMeanwhile / elapsedMs) * 1000,
    kBps: (after.bytes - before.bytes) / elapsedMs,
    cpuPct: Object.fromEntries(usage) as Record<keyof Groups, number | undefined>,
  }
}

async function read(contender: Contender): Promise<Reading> {
  const bytes = await contender.receivedBytes()
  const atMs = Date.now()
  return { atMs, bytes, processes: await readProcesses() }
}
