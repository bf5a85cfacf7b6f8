import { TokenBucket } from '#protocol/token-bucket.ts'
import { type AuditEntry, actorText } from './audit.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Store } from './store.ts'

/** Repeats of one refusal within this time become one row. */
const WINDOW_MS = 60_000
/** Different refusals of one organisation that get rows of their own at once, and every second from then on: more share one row, so that a flood, also one of many addresses, can't fill the database. */
const OWN_ROWS_BURST = 500
const OWN_ROWS_PER_SECOND = 0.5

const CROWD = 'crowd'

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
  readonly #budgets = new Map<string | null, TokenBucket>()
  readonly #writing = new Set<Promise<void>>()

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store
    this.#clock = clock
    this.#log = log
  }

  /** Never throws and never waits: a refusal stays a refusal when the audit can't be written, and the log says so. */
  record(attempt: Omit<AuditEntry, 'atMs'>): void {
    const { organisationId, actor, action, subject } = attempt
    const own = [organisationId, actorText(actor), action, subject].join('\n')
    if (this.#isRepeat(own)) return
    // Nobody is told of others: each organisation has a crowd of its own.
    const key = this.#hasRow(organisationId) ? own : `${organisationId} ${CROWD}`
    if (this.#isRepeat(key)) return
    const entry = { ...attempt, atMs: this.#clock.nowMs() }
    this.#followed.set(key, {
      entry,
      count: 0,
      cancelTimer: this.#clock.setTimer(() => this.#finish(key), WINDOW_MS),
    })
    this.#write(entry)
  }

  #isRepeat(key: string): boolean {
    const followed = this.#followed.get(key)
    if (followed) followed.count++
    return followed !== undefined
  }

  #hasRow(organisationId: string | null): boolean {
    const nowMs = this.#clock.nowMs()
    const budget = this.#budgets.get(organisationId) ?? new TokenBucket(OWN_ROWS_PER_SECOND, OWN_ROWS_BURST, nowMs)
    this.#budgets.set(organisationId, budget)
    if (budget.waitMs(1, nowMs) > 0) return false
    budget.take(nowMs)
    return true
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
        detail: { ...entry.detail, repeated: count, crowd: key.endsWith(CROWD) },
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
