import type { ContenderRun } from '../run-contender.ts'
import { workloadJson } from './json.ts'

type Row = Readonly<Record<string, string | number>>

/** The table for people: each workload of each product, then what is measured once, then Handhold against the best peer. */
export function rowsOf(runs: ReadonlyMap<string, ContenderRun>): Row[] {
  const all = [...runs]
  return [...all.flatMap(([name, run]) => workloadRows(name, run)), ...all.map(([name, run]) => onceRow(name, run))]
}

function workloadRows(product: string, { workloads }: ContenderRun): Row[] {
  return Object.entries(workloads).map(([workload, figures]) => {
    const { fps, p50Ms, p95Ms, tornPerS, kBps, hostCpuPct, viewerCpuPct } = workloadJson(figures)
    const { cpuPct, paintedFps, longestGapMs } = figures
    return {
      product,
      workload,
      'frames/s': fps,
      'p50/p95 ms': `${p50Ms ?? '–'}/${p95Ms ?? '–'}`,
      'torn/s': tornPerS,
      'longest gap ms': p50Ms === null ? '–' : longestGapMs,
      'kB/s': kBps,
      'CPU % host': hostCpuPct,
      service: percent(cpuPct.service),
      banner: percent(cpuPct.consent),
      'X server': percent(cpuPct.xServer),
      relay: percent(cpuPct.relay),
      viewer: viewerCpuPct,
      'painted/s': Math.round(paintedFps * 10) / 10,
    }
  })
}

function onceRow(product: string, { clickToPixelMs, firstFrameMs, rssMib }: ContenderRun): Row {
  return {
    product,
    workload: 'once',
    'click to pixel p50/p95 ms': clickToPixelMs
      ? `${Math.round(clickToPixelMs.p50)}/${Math.round(clickToPixelMs.p95)}`
      : '–',
    'first frame ms': Math.round(firstFrameMs),
    'RSS MiB host': Math.round(rssMib.host),
    'RSS service': rssMib.service === undefined ? '–' : Math.round(rssMib.service),
    'RSS relay': Math.round(rssMib.relay),
  }
}

const percent = (value: number | undefined) => (value === undefined ? '–' : Math.round(value * 10) / 10)
