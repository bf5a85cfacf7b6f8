import type { StoredRow } from './chain.ts'
import { ChainWalk } from './chain-walk.ts'
import { findPlace } from './find-place.ts'
import type { ChainReport } from './findings.ts'
import type { AuditHead, AuditTombstone } from './statements.ts'

export interface AuditEvidence {
  /** Every row by chain and position. May be asked for twice. */
  rows(): Iterable<StoredRow>
  /** Whose signatures were checked. */
  readonly heads: readonly AuditHead[]
  readonly tombstones: readonly AuditTombstone[]
}

/** Goes through every chain up to its first fault. */
export function verifyAudit(evidence: AuditEvidence): ChainReport[] {
  const reports = new Map<string, ChainReport>()
  const begin = (chain: string) =>
    new ChainWalk(
      chain,
      evidence.heads.filter(head => head.chain === chain),
      evidence.tombstones.filter(tombstone => tombstone.chain === chain),
    )
  let walk: ChainWalk | undefined
  const finish = () => walk && reports.set(walk.chain, walk.finish())
  for (const row of evidence.rows()) {
    if (row.chain !== walk?.chain) {
      finish()
      walk = begin(row.chain)
    }
    walk.take(row)
  }
  finish()
  for (const { chain } of evidence.heads) if (!reports.has(chain)) reports.set(chain, begin(chain).finish())
  return [...reports.values()].map(report => explain(report, evidence))
}

/** A row that doesn't hold where it is may hold elsewhere: then it was moved. */
function explain(report: ChainReport, evidence: AuditEvidence): ChainReport {
  const { finding } = report
  if (finding?.kind !== 'altered') return report
  const place = findPlace(finding, evidence)
  if (!place) return report
  const isSame = place.chain === report.chain
  const words = isSame
    ? `The row belongs to position ${place.position}: rows were put in another order.`
    : `The row belongs to the chain of ${place.chain}, position ${place.position}: rows of two organisations were exchanged.`
  return { ...report, finding: { ...finding, kind: isSame ? 'reordered' : 'swapped', words } }
}
