import { RELAY_ACTOR, userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Principal } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import type { PurgeAudit } from './audit-purge.ts'
import type { RetentionDays } from './store.ts'

const DAY_MS = 24 * 60 * 60_000
/** Not in the middle of a start, when ten thousand devices come back. */
const FIRST_AFTER_MS = 10 * 60_000
/** Rows that go in one transaction: it holds up every other one. */
const SPANS_AT_ONCE = 1_000
/** Each is found anew by its remaining words. */
const INVENTORIES_AT_ONCE = 100

export interface RetentionParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly purgeAudit: PurgeAudit
  /** What holds for organisations that say nothing. */
  readonly defaults: RetentionDays
}

export interface RetentionView {
  readonly own: RetentionDays
  readonly effective: RetentionDays
}

/** What is too old goes once a day, by what each organisation says or else the relay's configuration. */
export class Retention {
  readonly #parts: RetentionParts
  #cancelTimer: () => void = () => undefined
  #isClosed = false
  #running: Promise<void> = Promise.resolve()

  constructor(parts: RetentionParts) {
    this.#parts = parts
  }

  async of(organisationId: string): Promise<RetentionView> {
    const { store, defaults } = this.#parts
    const own = (await store.read.operating.retention(organisationId)) ?? NOTHING
    return {
      own,
      effective: {
        auditDays: own.auditDays ?? defaults.auditDays,
        historyDays: own.historyDays ?? defaults.historyDays,
        recordingDays: own.recordingDays ?? defaults.recordingDays,
      },
    }
  }

  /** Takes effect with the next daily run. */
  async set({ user, organisation }: Principal, days: RetentionDays): Promise<RetentionView> {
    const { store, clock } = this.#parts
    const entry = { organisationId: organisation.id, atMs: clock.nowMs(), actor: userActor(user) }
    await store.write(async tx => {
      await tx.operating.setRetention(organisation.id, days)
      await tx.audit({ ...entry, action: 'retention.changed', subject: organisation.id, detail: { ...days } })
    })
    return this.of(organisation.id)
  }

  start(): void {
    this.#arm(FIRST_AFTER_MS)
  }

  /** Waits for the transaction that runs. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer()
    await this.#running
  }

  #arm(delayMs: number): void {
    if (this.#isClosed) return
    // Armed again when it is done: a clock that jumps by weeks runs it once.
    this.#cancelTimer = this.#parts.clock.setTimer(() => {
      this.#running = this.#run()
        .catch(error => this.#parts.log.error({ err: error }, 'What is too old could not be deleted'))
        .finally(() => this.#arm(DAY_MS))
    }, delayMs)
  }

  async #run(): Promise<void> {
    const { store, clock, purgeAudit, defaults } = this.#parts
    const nowMs = clock.nowMs()
    for (const organisationId of await store.read.operating.organisationIds()) {
      if (this.#isClosed) return
      const { effective } = await this.of(organisationId)
      if (effective.historyDays !== null) await this.#forget(organisationId, nowMs - effective.historyDays * DAY_MS)
      if (effective.auditDays !== null) await purgeAudit(organisationId, nowMs - effective.auditDays * DAY_MS)
    }
    if (defaults.auditDays !== null) await purgeAudit(null, nowMs - defaults.auditDays * DAY_MS)
  }

  async #forget(organisationId: string, beforeMs: number): Promise<void> {
    const { store, clock } = this.#parts
    const spans = await this.#inParts(SPANS_AT_ONCE, (tx, limit) =>
      tx.operating.deletePresence(organisationId, beforeMs, limit),
    )
    const inventories = await this.#inParts(INVENTORIES_AT_ONCE, (tx, limit) =>
      tx.operating.deleteInventories(organisationId, beforeMs, limit),
    )
    if (spans + inventories === 0) return
    const detail = { spans, inventories, before: new Date(beforeMs).toISOString() }
    const entry = { organisationId, atMs: clock.nowMs(), actor: RELAY_ACTOR, subject: 'devices', detail }
    await store.write(tx => tx.audit({ ...entry, action: 'history.deleted' }))
  }

  async #inParts(limit: number, work: (tx: Writer, limit: number) => Promise<number>): Promise<number> {
    let total = 0
    while (!this.#isClosed) {
      const count = await this.#parts.store.write(tx => work(tx, limit))
      total += count
      if (count < limit) break
    }
    return total
  }
}

const NOTHING: RetentionDays = { auditDays: null, historyDays: null, recordingDays: null }
