import { type ClickFigures, measureClicks } from './clicks.ts'
import type { Contender } from './contender.ts'
import { measureWorkload, type WorkloadFigures } from './measure.ts'
import type { ScreenOptions } from './options.ts'
import { startForeignWorkload, startPainter } from './painter/program.ts'
import { installSampler, type Sampler } from './sampler.ts'
import { readProcesses, rssMib } from './usage.ts'
import type { WorkloadName } from './workload-names.ts'

/** `own` is what `--workload` names. */
export type MeasuredName = WorkloadName | 'own'

export interface ContenderRun {
  readonly workloads: Readonly<Partial<Record<MeasuredName, WorkloadFigures>>>
  readonly clickToPixelMs: ClickFigures | undefined
  readonly firstFrameMs: number
  readonly rssMib: Readonly<{ host: number; service: number | undefined; relay: number; viewer: number }>
}

/** Everything once, with a session of its own. */
export async function runContender(
  open: () => Promise<Contender>,
  options: ScreenOptions,
  say: (text: string) => void,
): Promise<ContenderRun> {
  const contender = await open()
  try {
    const sampler = await installSampler(contender.page, contender.picture)
    const workloads: Partial<Record<MeasuredName, WorkloadFigures>> = {}
    for (const name of [...options.workloads, ...(options.command === undefined ? [] : (['own'] as const))]) {
      const figures = await runWorkload(contender, sampler, name, options)
      workloads[name] = figures
      say(`${name}: ${inWords(figures)}`)
    }
    const clickToPixelMs = options.hasClicks ? await measureClicks(contender, sampler) : undefined
    const table = await readProcesses()
    const { host, service, relay, viewer } = contender.groups
    return {
      workloads,
      clickToPixelMs,
      firstFrameMs: contender.firstFrameMs,
      rssMib: {
        host: rssMib(table, host),
        service: service && rssMib(table, service),
        relay: rssMib(table, relay),
        viewer: rssMib(table, viewer),
      },
    }
  } finally {
    await contender.stop()
  }
}

async function runWorkload(contender: Contender, sampler: Sampler, name: MeasuredName, options: ScreenOptions) {
  const painter =
    name === 'own'
      ? await startForeignWorkload(contender.display, options.command ?? '')
      : await startPainter(contender.display, name)
  try {
    return await measureWorkload(contender, name === 'idle' ? undefined : sampler, painter, options)
  } finally {
    await painter.stop()
  }
}

function inWords({ fps, p50Ms, p95Ms, kBps, cpuPct }: WorkloadFigures): string {
  return `${fps.toFixed(1)} frames/s, ${p50Ms ?? '–'}/${p95Ms ?? '–'} ms, ${kBps.toFixed(1)} kB/s, host ${(cpuPct.host ?? 0).toFixed(0)} %`
}
