import Sqlite from 'better-sqlite3'
import type { StoredRow } from '../domain/audit/chain.ts'
import type { RawEvidence } from './evidence.ts'
import { VerifyError } from './verify-error.ts'

const ROWS = `select sequence, organisation_id as organisationId, at_ms as atMs, actor, action, subject, detail, chain, position, hash
  from audit order by chain, position, sequence`

/** A relay's database or a copy of one; it is only read. */
export function readDatabase(file: string): RawEvidence {
  const database = open(file)
  try {
    const rows = database.prepare<[], StoredRow>(ROWS)
    const texts = (sql: string) => database.prepare<[], string>(sql).pluck().all()
    return {
      rows: () => rows.iterate(),
      heads: texts('select statement from audit_head order by id'),
      tombstones: texts('select statement from audit_tombstone'),
      close: () => database.close(),
    }
  } catch (cause) {
    database.close()
    throw new VerifyError(`${file} is no database of a relay with an audit chain.`, { cause })
  }
}

function open(file: string): Sqlite.Database {
  try {
    return new Sqlite(file, { readonly: true, fileMustExist: true })
  } catch (cause) {
    throw new VerifyError(`The database ${file} can't be opened.`, { cause })
  }
}
