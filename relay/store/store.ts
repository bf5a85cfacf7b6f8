import type { Kysely } from 'kysely'
import type { Reader, Store, Writer } from '../domain/store.ts'
import { openDatabase } from './database.ts'
import { KyselyReader } from './reader.ts'
import type { Tables } from './tables.ts'
import { KyselyWriter } from './writer.ts'

/** The relay's database file. */
export class SqliteStore implements Store {
  readonly read: Reader
  readonly #db: Kysely<Tables>

  constructor(file: string) {
    this.#db = openDatabase(file)
    this.read = new KyselyReader(this.#db)
  }

  write<T>(work: (tx: Writer) => Promise<T>): Promise<T> {
    return this.#db.transaction().execute(transaction => work(new KyselyWriter(transaction)))
  }

  /** An account with its password's hash; only the identity part asks. */
  async account(by: { readonly email: string } | { readonly userId: string }) {
    const account = this.#db
      .selectFrom('user')
      .innerJoin('credential', 'credential.user_id', 'user.id')
      .select(['user.id as userId', 'user.email', 'user.name', 'credential.password_hash as passwordHash'])
      .where('user.removed_at_ms', 'is', null)
    const found = 'email' in by ? account.where('user.email', '=', by.email) : account.where('user.id', '=', by.userId)
    return found.executeTakeFirst()
  }

  /** Waits for what is being written. May be called more than once. */
  async close(): Promise<void> {
    await this.#db.destroy()
  }
}
