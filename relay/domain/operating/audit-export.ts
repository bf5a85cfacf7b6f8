import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'
import type { ExportedRow } from './store.ts'

const LOOK_INTERVAL_MS = 1_000
const RETRY_CAP_MS = 60_000
const ROWS_AT_ONCE = 500

/** Where the audit is copied to, row by row. */
export interface AuditTarget {
  /** Stays the same over restarts: what it has got is remembered by it. */
  readonly name: string
  /** The newest row that is there, for a target that can tell; after a crash it may have more than was noted. */
  newest(): Promise<number | undefined>
  /** Resolves when all of them are there for good. */
  send(rows: readonly ExportedRow[]): Promise<void>
}

export interface AuditExportParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Null: nowhere. */
  readonly target: AuditTarget | null
}

/** Brings every row of the audit to the target, in their order, for as long as that takes. What it has got is noted in the database. */
export class AuditExport {
  readonly #parts: AuditExportParts
  #cancelTimer: () => void = () => undefined
  #isClosed = false
  #failures = 0
  #looking: Promise<void> = Promise.resolve()
  /** The last row that the target has; undefined before it was asked. */
  #sent: number | undefined

  constructor(parts: AuditExportParts) {
    this.#parts = parts
  }

  /** The last row that the target has. */
  get sequence(): number {
    return this.#sent ?? 0
  }

  /** Forgets targets of before: what they lack must not keep old rows alive. */
  async start(): Promise<void> {
    const { store, target } = this.#parts
    await store.write(tx => tx.operating.keepExport(target?.name ?? null))
    if (target) this.#look()
  }

  /** Sends what there is, if the target takes it. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelTimer()
    await this.#looking
    // A target that doesn't answer gets it after the next start.
    if (this.#failures === 0) await this.#send().catch(() => undefined)
  }

  #look(): void {
    this.#looking = this.#send()
      .then(() => {
        this.#failures = 0
      })
      .catch(error => {
        this.#failures++
        this.#parts.log.error({ err: error, target: this.#parts.target?.name }, 'The audit could not be exported')
      })
      .finally(() => {
        const delayMs = Math.min(RETRY_CAP_MS, LOOK_INTERVAL_MS * 2 ** this.#failures)
        if (!this.#isClosed) this.#cancelTimer = this.#parts.clock.setTimer(() => this.#look(), delayMs)
      })
  }

  async #send(): Promise<void> {
    const { store, target } = this.#parts
    if (!target) return
    this.#sent ??= await this.#firstSent(target)
    for (;;) {
      const rows = await store.read.operating.auditAfter(this.#sent, ROWS_AT_ONCE)
      const last = rows.at(-1)?.sequence
      if (last === undefined) return
      await target.send(rows)
      this.#sent = last
      await store.write(tx => tx.operating.setExported(target.name, last))
    }
  }

  /** A target that is ahead of the whole audit belongs to a database that was put back: then the note counts. */
  async #firstSent(target: AuditTarget): Promise<number> {
    const { operating } = this.#parts.store.read
    const noted = (await operating.exported(target.name)) ?? 0
    const there = (await target.newest()) ?? 0
    return there > (await operating.auditSequence()) ? noted : Math.max(noted, there)
  }
}
