import { closeSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { migrate } from './migrations.ts'
import { withStatementCache } from './statement-cache.ts'
import type { Tables } from './tables.ts'

const BUSY_TIMEOUT_MS = 5_000
/** The kernel keeps the rest of the file anyway. */
const CACHE_KIB = 8 * 1024

interface OpenDatabase {
  readonly db: Kysely<Tables>
  /** Waits for what is being written. May be called more than once. */
  close(): Promise<void>
}

/** Opens the database file, makes it when it isn't there (readable by its owner only), and brings its schema up to date. */
export function openDatabase(file: string): OpenDatabase {
  // SQLite gives its -wal and -shm files the mode of the main file, so this one covers all three.
  closeSync(openSync(file, 'a', 0o600))
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    database.pragma('foreign_keys = ON')
    database.pragma('trusted_schema = OFF')
    database.pragma(`cache_size = -${CACHE_KIB}`)
    migrate(database)
  } catch (thrown) {
    database.close()
    throw thrown
  }
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: withStatementCache(database) }) })
  const close = async () => {
    await db.destroy()
    // Kysely closes only what it was asked something of; an open file would keep the journal from being written back.
    database.close()
  }
  return { db, close }
}
