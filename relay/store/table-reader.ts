import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** What asks the database about one topic. Works on the whole database and within a transaction alike. */
export abstract class TableReader {
  protected readonly db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.db = db
  }
}
