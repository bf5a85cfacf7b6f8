import type { Row } from '../../result.ts'
import type { ContenderRun } from '../run-contender.ts'
import { workloadJson } from './json.ts'

/** Each workload of each product. */
export function workloadRows(runs: ReadonlyMap<string, ContenderRun>): Row[] {
  return [...runs].flatMap(([product, { workloads }]) =>
    Object.entries(workloads).map(([workload, figures]) => {
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
        'painted/s': tenths(paintedFps),
      }
    }),
  )
}

/** What is measured once in a session. */
export function sessionRows(runs: ReadonlyMap<string, ContenderRun>): Row[] {
  return [...runs].map(([product, { clickToPixelMs, firstFrameMs, rssMib }]) => ({
    product,
    'click to pixel p50/p95 ms': clickToPixelMs
      ? `${Math.round(clickToPixelMs.p50)}/${Math.round(clickToPixelMs.p95)}`
      : '–',
    'first frame ms': Math.round(firstFrameMs),
    'RSS MiB host': Math.round(rssMib.host),
    service: rssMib.service === undefined ? '–' : Math.round(rssMib.service),
    relay: Math.round(rssMib.relay),
    viewer: Math.round(rssMib.viewer),
  }))
}

const tenths = (value: number) => Math.round(value * 10) / 10
const percent = (value: number | undefined) => (value === undefined ? '–' : tenths(value))
