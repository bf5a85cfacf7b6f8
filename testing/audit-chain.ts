import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { fileTarget } from '../relay/audit-copies/file-target.ts'
import { AuditCopies } from '../relay/domain/audit/copies.ts'
import { AuditSealing } from '../relay/domain/audit/sealing.ts'
import { type AuditKey, openAuditKey } from '../relay/keys/audit-key.ts'
import { AuditAppender } from '../relay/store/audit/appender.ts'
import { SqliteStore } from '../relay/store/store.ts'
import { ManualClock } from './manual-clock.ts'

export interface SealedAudit {
  readonly folder: string
  readonly database: string
  readonly headsFile: string
  readonly key: AuditKey
  remove(): Promise<void>
}

const ORGANISATIONS = ['org_a', 'org_b', null]

/** A database with that many rows in three chains, sealed, and the copies of its heads. */
export async function sealedAudit(rows: number): Promise<SealedAudit> {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-audit-'))
  const database = join(folder, 'relay.db')
  const headsFile = join(folder, 'heads.jsonl')
  const key = await openAuditKey(join(folder, 'audit-key.pem'))
  await seal(database, headsFile, key, db => fill(db, rows))
  return { folder, database, headsFile, key, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** More rows for a database that was made by `sealedAudit`, with heads for them. */
export async function growAudit({ database, headsFile, key }: SealedAudit, rows: number): Promise<void> {
  await seal(database, headsFile, key, db => fill(db, rows))
}

async function seal(file: string, headsFile: string, key: AuditKey, work: (db: Sqlite.Database) => void) {
  const store = new SqliteStore(file)
  const direct = new Sqlite(file)
  direct.transaction(() => work(direct))()
  direct.close()
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const clock = new ManualClock()
  const copies = new AuditCopies({ store, clock, log, targets: [fileTarget(headsFile)] })
  await new AuditSealing({ store, clock, log, signer: key, onSealed: () => undefined }).seal()
  await copies.close()
  await store.close()
}

function fill(db: Sqlite.Database, rows: number): void {
  const appender = new AuditAppender(db)
  for (let index = 0; index < rows; index++) {
    const organisationId = ORGANISATIONS[index % ORGANISATIONS.length] ?? null
    const detail = JSON.stringify({ from: 'active', to: 'ending', reason: 'user-ended', index })
    appender.append({
      organisationId,
      atMs: index,
      actor: 'relay',
      action: 'session.end',
      subject: `ses_${index}`,
      detail,
    })
  }
}
