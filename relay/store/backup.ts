import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, createReadStream, existsSync, renameSync, rmSync } from 'node:fs'
import Sqlite, { type Database } from 'better-sqlite3'
import { SCHEMA_VERSION } from './migrations.ts'

export interface CopyFacts {
  readonly sha256: string
  readonly schema: number
  readonly rows: number
}

/** Why a copy can't be made or put back. `message` says what to do. */
export class CopyError extends Error {
  override readonly name = 'CopyError'
}

/**
 * Copies a database that may be in use into a new file, as it is at one moment, and checks the copy. The file has its name only when it is whole.
 * Throws `CopyError`.
 */
export async function backUp(file: string, target: string): Promise<CopyFacts> {
  if (existsSync(target)) throw new CopyError(`${target} is there already. Name a new file, or move it away.`)
  const part = `${target}.part`
  rmSync(part, { force: true })
  const source = new Sqlite(file, { fileMustExist: true })
  try {
    // All pages in one step: between two a relay that writes would make the copy begin anew, without end.
    await source.backup(part, { progress: ({ totalPages }) => Math.max(1, totalPages) })
  } finally {
    source.close()
  }
  try {
    chmodSync(part, 0o600)
    const facts = await checkCopy(part)
    renameSync(part, target)
    return facts
  } catch (thrown) {
    rmSync(part, { force: true })
    throw thrown
  }
}

/** Reads every page and every row of the copy. Throws `CopyError` for one that is damaged, or that a newer program has written. */
export async function checkCopy(file: string): Promise<CopyFacts> {
  if (!existsSync(file)) throw new CopyError(`There is no file ${file}.`)
  const { schema, rows } = inspect(file)
  return { schema, rows, sha256: await digestOf(file) }
}

/**
 * Puts a checked copy in the database's place and returns where the old one is kept. Throws `CopyError` while a program has the database open.
 */
export function putBack(copy: string, file: string, stamp: string): string | null {
  const kept = existsSync(file) ? `${file}.before-${stamp}` : null
  if (kept) {
    requireUnused(file)
    if (existsSync(kept)) throw new CopyError(`${kept} is there already. Move it away.`)
  }
  const part = `${file}.part`
  copyFileSync(copy, part)
  chmodSync(part, 0o600)
  if (kept) renameSync(file, kept)
  for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
  renameSync(part, file)
  return kept
}

function inspect(file: string): { schema: number; rows: number } {
  const database = open(file)
  try {
    const schema = Number(database.pragma('user_version', { simple: true }))
    if (schema > SCHEMA_VERSION)
      throw new CopyError(`${file} has schema ${schema}, this relay knows ${SCHEMA_VERSION}. Use the newer relay.`)
    if (schema === 0) throw new CopyError(`${file} is no database of a relay.`)
    const verdict = database.pragma('integrity_check(1)', { simple: true })
    if (verdict !== 'ok')
      throw new CopyError(`${file} is damaged (${String(verdict).split('\n').at(-1)}). Use another copy.`)
    const tables = database
      .prepare<[], { name: string }>(
        "select name from sqlite_schema where type = 'table' and sql not like 'create virtual%' and name not like 'sqlite_%'",
      )
      .all()
    let rows = 0
    for (const { name } of tables) rows += Number(database.prepare(`select count(*) from "${name}"`).pluck().get())
    return { schema, rows }
  } catch (thrown) {
    if (thrown instanceof CopyError) throw thrown
    throw new CopyError(`${file} can't be read (${codeOf(thrown)}). Use another copy.`)
  } finally {
    database.close()
  }
}

function open(file: string): Database {
  try {
    return new Sqlite(file, { readonly: true, fileMustExist: true })
  } catch (thrown) {
    throw new CopyError(`${file} can't be opened (${codeOf(thrown)}).`)
  }
}

/** Leaving the write-ahead log takes the file for oneself: SQLite refuses it as long as any program has the database open. */
function requireUnused(file: string): void {
  const database = new Sqlite(file, { timeout: 500 })
  try {
    if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') throw new Error('busy')
  } catch {
    throw new CopyError('A relay has the database open. Stop it, then restore.')
  } finally {
    database.close()
  }
}

async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error'
