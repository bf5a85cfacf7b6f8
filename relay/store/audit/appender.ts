import type { Database, Statement } from 'better-sqlite3'
import { chainOf, genesisOf, linkHash } from '../../domain/audit/chain.ts'

interface AppendedRow {
  /** Left out, the database counts. */
  readonly sequence?: number
  readonly organisationId: string | null
  readonly atMs: number
  readonly actor: string
  readonly action: string
  readonly subject: string
  /** JSON. */
  readonly detail: string
}

interface Last {
  readonly position: number
  readonly hash: string
}

/** Adds rows to their chains straight in the database, many at a time: for migrations and for filling a database. One transaction of the caller's. */
export class AuditAppender {
  readonly #insert: Statement
  readonly #last: Statement<[string], Last>
  readonly #known = new Map<string, Last>()

  constructor(database: Database) {
    this.#last = database.prepare('select position, hash from audit where chain = ? order by position desc limit 1')
    this.#insert = database.prepare(
      `insert into audit (sequence, organisation_id, at_ms, actor, action, subject, detail, chain, position, hash)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
  }

  append({ sequence, organisationId, ...row }: AppendedRow): void {
    const chain = chainOf(organisationId)
    const last = this.#known.get(chain) ?? this.#last.get(chain) ?? { position: 0, hash: genesisOf(chain) }
    const position = last.position + 1
    const hash = linkHash(last.hash, { ...row, chain, position })
    const { atMs, actor, action, subject, detail } = row
    this.#insert.run(sequence ?? null, organisationId, atMs, actor, action, subject, detail, chain, position, hash)
    this.#known.set(chain, { position, hash })
  }
}
