import type { WorkloadFigures } from '../measure.ts'
import type { ContenderRun, MeasuredName } from '../run-contender.ts'

/** The figures that the JSON line has of a workload, in this order. */
export interface WorkloadJson {
  readonly fps: number
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly tornPerS: number
  readonly kBps: number
  readonly hostCpuPct: number
  readonly viewerCpuPct: number
}

/** What the line has, in its order; the others are on the terminal only. */
const PUBLISHED: readonly MeasuredName[] = ['typing', 'scroll', 'video', 'windows', 'idle', 'own']

/** The line for programs: `{"handhold":{…},"peers":{…}}`. What wasn't measured is absent or null. */
export function jsonOf(runs: ReadonlyMap<string, ContenderRun>) {
  const { handhold, ...peers } = Object.fromEntries([...runs].map(([name, run]) => [name, contenderJson(run)]))
  return { handhold, peers }
}

function contenderJson({ workloads, clickToPixelMs, firstFrameMs, rssMib }: ContenderRun) {
  return {
    ...Object.fromEntries(
      PUBLISHED.flatMap(name => {
        const figures = workloads[name]
        return figures ? [[name, workloadJson(figures)]] : []
      }),
    ),
    clickToPixelMs: clickToPixelMs ? { p50: tenths(clickToPixelMs.p50), p95: tenths(clickToPixelMs.p95) } : null,
    firstFrameMs: Math.round(firstFrameMs),
    hostRssMiB: tenths(rssMib.host),
    serviceRssMiB: rssMib.service === undefined ? null : tenths(rssMib.service),
  }
}

export function workloadJson({ fps, p50Ms, p95Ms, tornPerS, kBps, cpuPct }: WorkloadFigures): WorkloadJson {
  return {
    fps: tenths(fps),
    p50Ms,
    p95Ms,
    tornPerS: Math.round(tornPerS * 100) / 100,
    kBps: kBps < 10 ? Math.round(kBps * 100) / 100 : Math.round(kBps),
    hostCpuPct: tenths(cpuPct.host ?? 0),
    viewerCpuPct: tenths(cpuPct.viewer ?? 0),
  }
}

const tenths = (value: number) => Math.round(value * 10) / 10
