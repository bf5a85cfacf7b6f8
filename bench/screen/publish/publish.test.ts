import { expect, test } from 'vitest'
import { chartOf } from './chart.ts'
import { readResult } from './result.ts'
import { tablesOf } from './tables.ts'

const typing = { fps: 59.5, p50Ms: 12, p95Ms: 20, tornPerS: 0, kBps: 4.2, hostCpuPct: 3, viewerCpuPct: 20 }
const idle = { ...typing, fps: 0, p50Ms: null, p95Ms: null, kBps: 0 }
const once = { clickToPixelMs: { p50: 18, p95: 30 }, firstFrameMs: 400, hostRssMiB: 120, serviceRssMiB: 60 }
const line = JSON.stringify({
  handhold: { typing, idle, ...once },
  peers: { meshcentral: { typing: { ...typing, fps: 12 }, ...once, clickToPixelMs: null, serviceRssMiB: null } },
})

test('what the bench printed last becomes tables; what wasn’t measured is a dash', () => {
  const tables = tablesOf(readResult(`some table\n${line}\n`))
  expect(tables).toContain('| typing | 59.5 · 12/20 · 0 · 4.2 · 3, 20 | 12 · 12/20 · 0 · 4.2 · 3, 20 |')
  expect(tables).toContain('| idle | 0 · 3, 20 | – |')
  expect(tables).toContain('| click to pixel p50/p95, ms | 18/30 | – |')
})

test('the chart has a bar for each product and figure that was measured, and colours for light and dark', () => {
  const chart = chartOf(readResult(line))
  const legend = 2
  expect(chart.match(/<rect/g)).toHaveLength(legend + 2 * 4)
  expect(chart).toContain('prefers-color-scheme: dark')
})

test('a text that isn’t a result is refused', () => {
  expect(() => readResult('{"handhold":{}}')).toThrow()
})
