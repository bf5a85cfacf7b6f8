import { expect, test } from 'vitest'
import type { WorkloadFigures } from '../measure.ts'
import type { ContenderRun } from '../run-contender.ts'
import { jsonOf } from './json.ts'
import { medianRun } from './median.ts'
import { ratioRows } from './ratios.ts'

function figures(fps: number, p50Ms: number | null, hostCpu: number): WorkloadFigures {
  const cpuPct = { host: hostCpu, service: undefined, consent: undefined, xServer: 1, viewer: 10, relay: 0 }
  return { fps, p50Ms, p95Ms: p50Ms, tornPerS: 0, longestGapMs: 20, paintedFps: 60, kBps: 4, cpuPct }
}

function run(fps: number, p50Ms: number | null, hostCpu: number, service?: number): ContenderRun {
  return {
    workloads: { photo: figures(fps, p50Ms, hostCpu), typing: figures(fps, p50Ms, hostCpu) },
    clickToPixelMs: { p50: fps, p95: fps },
    firstFrameMs: 100,
    rssMib: { host: 50, service, relay: 100, viewer: 300 },
  }
}

test('each figure has its own median; a run that saw nothing takes no part in a latency', () => {
  const median = medianRun([run(10, 30, 9), run(30, null, 7), run(20, 10, 8)])
  expect(median.workloads.typing).toMatchObject({ fps: 20, p50Ms: 10, cpuPct: { host: 8, service: undefined } })
})

test('the JSON has what was measured, under the names that programs read and no others', () => {
  const json = jsonOf(
    new Map([
      ['handhold', run(60, 12, 3, 60)],
      ['novncTiger', run(59.26, 16, 4)],
    ]),
  )
  const typing = { p50Ms: 12, p95Ms: 12, tornPerS: 0, kBps: 4, hostCpuPct: 3, viewerCpuPct: 10 }
  expect(json).toEqual({
    handhold: {
      typing: { fps: 60, ...typing },
      clickToPixelMs: { p50: 60, p95: 60 },
      firstFrameMs: 100,
      hostRssMiB: 50,
      serviceRssMiB: 60,
    },
    peers: {
      novncTiger: {
        typing: { ...typing, fps: 59.3, p50Ms: 16, p95Ms: 16, hostCpuPct: 4 },
        clickToPixelMs: { p50: 59.3, p95: 59.3 },
        firstFrameMs: 100,
        hostRssMiB: 50,
        serviceRssMiB: null,
      },
    },
  })
})

test('a ratio is against the peer that is best at that figure, for CPU the one with the most frames', () => {
  const rows = ratioRows(
    new Map([
      ['handhold', run(60, 12, 4)],
      ['slow', run(30, 48, 2)],
      ['quick', run(40, 24, 8)],
    ]),
  )
  expect(rows[0]).toMatchObject({ fps: 1.5, p50Ms: 0.5, hostCpuPct: 0.5 })
  expect(ratioRows(new Map([['handhold', run(60, 12, 4)]]))).toEqual([])
})
