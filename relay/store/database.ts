import { closeSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely'
import { migrate } from './migrations.ts'
import { withStatementCache } from './statement-cache.ts'
import type { Tables } from './tables.ts'

const BUSY_TIMEOUT_MS = 5_000
/** The kernel keeps the rest of the file anyway. */
const READING_CACHE_KIB = 3 * 1024
const WRITING_CACHE_KIB = 1024

interface OpenDatabase {
  /** Sees what is committed, and can't write: SQLite itself refuses. */
  readonly reading: Kysely<Tables>
  readonly writing: Kysely<Tables>
  /** Another number once anybody, this program or another, has committed something. */
  moment(): number
  /** Waits for what is being written. May be called more than once. */
  close(): Promise<void>
}

/**
 * Opens the database file, makes it when it isn't there (readable by its owner only), and brings its schema up to date. Questions have a connection of their own:
 * they wait neither for a transaction nor, one answer being there at once, for each other.
 */
export function openDatabase(file: string): OpenDatabase {
  // SQLite gives its -wal and -shm files the mode of the main file, so this one covers all three.
  closeSync(openSync(file, 'a', 0o600))
  const writer = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS })
  let reader: Sqlite.Database
  try {
    writer.pragma('journal_mode = WAL')
    writer.pragma('synchronous = FULL')
    writer.pragma('foreign_keys = ON')
    writer.pragma('trusted_schema = OFF')
    writer.pragma(`cache_size = -${WRITING_CACHE_KIB}`)
    migrate(writer)
    reader = openReader(file)
  } catch (thrown) {
    writer.close()
    throw thrown
  }
  const reading = new Kysely<Tables>({ dialect: new ReadingDialect({ database: withStatementCache(reader) }) })
  const writing = new Kysely<Tables>({ dialect: new SqliteDialect({ database: withStatementCache(writer) }) })
  const dataVersion = reader.prepare<[], number>('pragma data_version').pluck()
  const close = async () => {
    await reading.destroy()
    // Kysely closes only what it was asked something of; an open file would keep the journal from being written back. The last one to close does that.
    reader.close()
    await writing.destroy()
    writer.close()
  }
  return { reading, writing, moment: () => dataVersion.get() ?? 0, close }
}

function openReader(file: string): Sqlite.Database {
  const reader = new Sqlite(file, { timeout: BUSY_TIMEOUT_MS, readonly: true })
  reader.pragma('trusted_schema = OFF')
  reader.pragma(`cache_size = -${READING_CACHE_KIB}`)
  return reader
}

/** Kysely lets one question at a time have SQLite's one connection, and wakes everybody who waits for each: here nobody has to. */
class ReadingDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new UnlockedAdapter()
  }
}

class UnlockedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}
