import { type AuditEntry, actorText } from './audit.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Store } from './store.ts'

/** Repeats of one refusal within this time become one row. */
const WINDOW_MS = 60_000
/** Different refusals that are followed at once; more share one row, so that a flood can't fill the database. */
const FOLLOWED_MAX = 500

interface Repeats {
  entry: AuditEntry
  count: number
  cancelTimer: () => void
}

/** Refused attempts in the audit: the first at once, its repeats as one row with their number a minute later. */
export class DeniedAttempts {
  readonly #store: Store
  readonly #clock: Clock
  readonly #log: Log
  readonly #followed = new Map<string, Repeats>()
  readonly #writing = new Set<Promise<void>>()

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  /** Never throws and never waits: a refusal stays a refusal when the audit can't be written, and the log says so. */
  record(attempt: Omit<AuditEntry, 'atMs'>): void {
    const isCrowded = this.#followed.size >= FOLLOWED_MAX
    const key = isCrowded
      ? 'crowd'
      : [attempt.organisationId, actorText(attempt.actor), attempt.action, attempt.subject].join('\n')
    const followed = this.#followed.get(key)
    if (followed) {
      followed.count++
      return
    }
    const entry = { ...attempt, atMs: this.#clock.nowMs() }
    this.#followed.set(key, {
      entry,
      count: 0,
      cancelTimer: this.#clock.setTimer(() => this.#finish(key), WINDOW_MS),
    })
    this.#write(entry)
  }

  /** Writes what is still counted and waits for it. */
  async close(): Promise<void> {
    for (const key of [...this.#followed.keys()]) this.#finish(key)
    await Promise.all(this.#writing)
  }

  #finish(key: string): void {
    const followed = this.#followed.get(key)
    if (!followed) return
    this.#followed.delete(key)
    followed.cancelTimer()
    const { entry, count } = followed
    if (count > 0)
      this.#write({
        ...entry,
        atMs: this.#clock.nowMs(),
        detail: { ...entry.detail, repeated: count, crowd: key === 'crowd' },
      })
  }

  #write(entry: AuditEntry): void {
    const writing = this.#store
      .write(tx => tx.audit(entry))
      .catch(error => this.#log.error({ err: error, action: entry.action }, 'A refused attempt could not be audited'))
      .finally(() => this.#writing.delete(writing))
    this.#writing.add(writing)
  }
}
