import { type StatementKind, verifyStatement } from '#protocol/trust/signed.ts'
import type { ChainReport } from '../domain/audit/findings.ts'
import { AUDIT_HEAD, AUDIT_TOMBSTONE } from '../domain/audit/statements.ts'
import { verifyAudit } from '../domain/audit/verify.ts'
import { type RawEvidence, readExport, readHeads } from './evidence.ts'
import { VerifyError } from './verify-error.ts'

export interface AuditCheck {
  /** A database, or an export (`.jsonl`). */
  readonly file: string
  /** Heads that were kept elsewhere. */
  readonly headsFile?: string | undefined
  /** Whose signatures count; without it none does. */
  readonly thumbprint: string | null
  /** Only this chain: an organisation's id, or `server`. */
  readonly chain?: string | undefined
}

export interface AuditVerdict {
  readonly reports: readonly ChainReport[]
  /** Statements whose signature isn't that key's. */
  readonly forged: readonly string[]
  /** Whether signed heads from elsewhere were there to be compared with. */
  readonly hasOwnHeads: boolean
  readonly isSigned: boolean
}

/** Checks an audit with nothing but files and a public key. Throws `VerifyError` when it can't begin. */
export async function checkAudit({ file, headsFile, thumbprint, chain }: AuditCheck): Promise<AuditVerdict> {
  const evidence = await open(file)
  try {
    const kept = headsFile === undefined ? [] : readHeads(headsFile)
    const forged: string[] = []
    const read = async <T>(kind: StatementKind<T>, texts: readonly string[], name: string): Promise<T[]> => {
      if (thumbprint === null) return []
      const checked = texts.map((text, index) =>
        verifyStatement(kind, text, thumbprint).catch(() => void forged.push(`${name} ${index + 1}`)),
      )
      return (await Promise.all(checked)).filter(statement => statement !== undefined)
    }
    const heads = [
      ...(await read(AUDIT_HEAD, evidence.heads, 'head of the database')),
      ...(await read(AUDIT_HEAD, kept, 'head of the file')),
    ]
    const tombstones = await read(AUDIT_TOMBSTONE, evidence.tombstones, 'tombstone')
    const isWanted = (row: { readonly chain: string }) => chain === undefined || row.chain === chain
    const reports = verifyAudit({ rows: () => evidence.rows(), heads, tombstones }).filter(isWanted)
    // A mistyped one must not look like one without faults.
    if (chain !== undefined && reports.length === 0)
      throw new VerifyError(`There are no rows of "${chain}" in it. Say the id of an organisation, or "server".`)
    return { reports, forged, hasOwnHeads: kept.length > 0, isSigned: thumbprint !== null }
  } finally {
    evidence.close()
  }
}

async function open(file: string): Promise<RawEvidence> {
  if (file.endsWith('.jsonl')) return readExport(file)
  // Only a database takes the native part.
  return (await import('./database-evidence.ts')).readDatabase(file)
}
