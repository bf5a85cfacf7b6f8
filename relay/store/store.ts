import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import type { Reader, Store, Writer } from '../domain/store.ts'
import { openDatabase } from './database.ts'
import { KyselyReader } from './reader.ts'
import type { StorageReserve } from './storage-reserve.ts'
import type { Tables } from './tables.ts'
import { KyselyWriter } from './writer.ts'

interface FirstScope {
  first: ((tx: Writer) => Promise<void>) | undefined
}

/** The relay's database file. */
export class SqliteStore implements Store {
  readonly read: Reader
  readonly moment: () => number
  readonly #reading: Kysely<Tables>
  readonly #writing: Kysely<Tables>
  readonly #close: () => Promise<void>
  readonly #reserve: StorageReserve | null
  readonly #first = new AsyncLocalStorage<FirstScope>()

  /** `reserve` is given up when a write finds the disk full. */
  constructor(file: string, reserve: StorageReserve | null = null) {
    this.#reserve = reserve
    const { reading, writing, moment, close } = openDatabase(file)
    this.#reading = reading
    this.#writing = writing
    this.#close = close
    this.moment = moment
    this.read = new KyselyReader(reading)
  }

  async write<T>(work: (tx: Writer) => Promise<T>): Promise<T> {
    const first = this.#first.getStore()?.first
    const whole = async (tx: Writer) => {
      await first?.(tx)
      return work(tx)
    }
    try {
      return await this.#transaction(whole)
    } catch (thrown) {
      if (!isDiskFull(thrown)) throw thrown
      this.#reserve?.release()
      return this.#transaction(whole)
    }
  }

  /** Runs `work`; until it is done, every transaction that it makes begins with `first`. */
  async within<T>(first: (tx: Writer) => Promise<void>, work: () => Promise<T>): Promise<T> {
    const scope: FirstScope = { first }
    try {
      return await this.#first.run(scope, work)
    } finally {
      // Timers that the work set still run within the scope.
      scope.first = undefined
    }
  }

  #transaction<T>(work: (tx: Writer) => Promise<T>): Promise<T> {
    return this.#writing.transaction().execute(transaction => work(new KyselyWriter(transaction)))
  }

  /** An account with its password's hash; only the identity part asks. */
  async account(by: { readonly email: string } | { readonly userId: string }) {
    const account = this.#reading
      .selectFrom('user')
      .innerJoin('credential', 'credential.user_id', 'user.id')
      .select(['user.id as userId', 'user.email', 'user.name', 'credential.password_hash as passwordHash'])
      .where('user.removed_at_ms', 'is', null)
      .where('user.disabled_at_ms', 'is', null)
      .where('user.shown_email', 'is', null)
    const found = 'email' in by ? account.where('user.email', '=', by.email) : account.where('user.id', '=', by.userId)
    return found.executeTakeFirst()
  }

  /** Waits for what is being written. May be called more than once. */
  async close(): Promise<void> {
    await this.#close()
  }
}

/** SQLite ends the transaction by itself then, so what arrives may be the complaint that there is none to roll back. */
const isDiskFull = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (('code' in thrown && (thrown.code === 'SQLITE_FULL' || thrown.code === 'SQLITE_IOERR_WRITE')) ||
    thrown.message.includes('no transaction is active'))
