import type { Row } from '../../result.ts'
import type { ContenderRun } from '../run-contender.ts'
import { type WorkloadJson, workloadJson } from './json.ts'

/** Of these a greater value is the better one. */
const MORE_IS_BETTER: ReadonlySet<keyof WorkloadJson> = new Set(['fps'])
const COMPARED = ['fps', 'p50Ms', 'p95Ms', 'kBps', 'hostCpuPct', 'viewerCpuPct'] as const

/**
 * Handhold's figures as multiples of the best peer's: each against the peer that is best at it, CPU against the peer with the most frames.
 * Nothing without a peer.
 */
export function ratioRows(runs: ReadonlyMap<string, ContenderRun>): Row[] {
  const handhold = runs.get('handhold')
  const peers = [...runs].filter(([name]) => name !== 'handhold').map(([, run]) => run)
  if (!handhold || peers.length === 0) return []
  const rows: Row[] = Object.entries(handhold.workloads).map(([workload, figures]) => {
    const own = workloadJson(figures)
    const others = peers
      .map(peer => peer.workloads[workload as keyof typeof peer.workloads])
      .filter(other => other !== undefined)
      .map(workloadJson)
    // What a slow peer saves in frames is no thrift.
    const quickest = others.filter(other => other.fps === Math.max(...others.map(each => each.fps)))
    const ratios = COMPARED.map(figure => {
      const measure = figure === 'hostCpuPct' || figure === 'viewerCpuPct' ? quickest : others
      const values = measure.map(other => other[figure])
      return [figure, ratio(own[figure], best(values, MORE_IS_BETTER.has(figure)))]
    })
    return { 'handhold / best peer': workload, ...Object.fromEntries(ratios) }
  })
  const clicks = (pick: 'p50' | 'p95') =>
    ratio(
      handhold.clickToPixelMs?.[pick],
      best(
        peers.map(peer => peer.clickToPixelMs?.[pick]),
        false,
      ),
    )
  const firstFrame = ratio(
    handhold.firstFrameMs,
    best(
      peers.map(peer => peer.firstFrameMs),
      false,
    ),
  )
  rows.push({ 'handhold / best peer': 'click to pixel', p50Ms: clicks('p50'), p95Ms: clicks('p95') })
  rows.push({ 'handhold / best peer': 'first frame', p50Ms: firstFrame })
  return rows
}

function best(values: ReadonlyArray<number | null | undefined>, isMoreBetter: boolean): number | undefined {
  const known = values.filter(value => value !== null && value !== undefined)
  if (known.length === 0) return undefined
  return isMoreBetter ? Math.max(...known) : Math.min(...known)
}

/** To two digits; a dash where one of them is missing or the peer's is nothing. */
function ratio(own: number | null | undefined, peer: number | undefined): number | string {
  return own === null || own === undefined || !peer ? '–' : Math.round((own / peer) * 100) / 100
}
