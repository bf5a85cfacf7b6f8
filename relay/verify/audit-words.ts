import type { ChainReport } from '../domain/audit/findings.ts'
import type { AuditVerdict } from './audit.ts'

/** What the programs that verify end with. */
export const EXIT = { good: 0, bad: 1, usage: 2, unproven: 3 } as const

export interface Spoken {
  readonly lines: readonly string[]
  readonly code: (typeof EXIT)[keyof typeof EXIT]
}

/** The verdict for people. */
export function auditWords({ reports, forged, hasOwnHeads, isSigned }: AuditVerdict): Spoken {
  const lines = [...reports.map(chainWords), ...forged.map(name => `BAD  ${name}: not signed by the audit's key`)]
  const isBad = forged.length > 0 || reports.some(report => report.finding !== null)
  if (isBad) return { lines: [...lines, '', 'The audit is not as it was written.'], code: EXIT.bad }
  const rows = reports.reduce((sum, report) => sum + report.rows, 0)
  const good = `${rows} rows in ${reports.length} chains are as they were written.`
  if (isSigned && hasOwnHeads) return { lines: [...lines, '', good], code: EXIT.good }
  const lacks = isSigned
    ? 'Compared with the heads beside it only. Give --heads FILE, copied off the relay, to rule out that rows were cut or an older backup was restored.'
    : 'No signature was checked. Give --key with the audit key’s thumbprint: whoever has the database could have computed everything anew.'
  return { lines: [...lines, '', good, lacks], code: EXIT.unproven }
}

function chainWords({ chain, rows, last, sealedTo, finding }: ChainReport): string {
  if (finding) {
    const row = finding.sequence === null ? '' : ` (sequence ${finding.sequence})`
    return `BAD  ${chain}: position ${finding.position}${row} ${finding.kind}. ${finding.words}`
  }
  const open = last - sealedTo
  return `good ${chain}: ${rows} rows to position ${last}, ${open === 0 ? 'all sealed' : `the last ${open} not sealed yet`}`
}
