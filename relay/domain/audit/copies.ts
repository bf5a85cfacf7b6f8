import { HandholdError } from '#protocol/errors.ts'
import { RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'

/** A place off this machine where signed heads are kept. */
export interface HeadTarget {
  /** Stays the same over restarts: what it has got is remembered by it. */
  readonly name: string
  /** Resolves when all of them are there for good. */
  send(heads: readonly string[]): Promise<void>
}

const RETRY_MS = 15_000
const BATCH = 50
/** How long a target may be away before the alarm, and before strict organisations take no new session. */
const ALARM_AFTER_MS = 5 * 60_000

export interface CopiesParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly targets: readonly HeadTarget[]
}

/** Brings signed heads to every target, in their order, for as long as that takes. */
export class AuditCopies {
  readonly #parts: CopiesParts
  /** Since when a target doesn't take what there is, and whether that was said. */
  readonly #failing = new Map<string, { sinceMs: number; isAlarmed: boolean }>()
  #cancelRetry: (() => void) | undefined
  #copying: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: CopiesParts) {
    this.#parts = parts
  }

  /** Throws `audit-unavailable` while a target has been away for five minutes. For organisations that want no session without a copy. */
  requireDurable(): void {
    if ([...this.#failing.values()].some(({ sinceMs }) => this.#isLong(sinceMs)))
      throw new HandholdError(
        'audit-unavailable',
        'The audit can’t be copied off the relay, and this group’s policy wants that. Tell the administrator of the relay.',
      )
  }

  /** Brings what is new; asked again while it works, it looks once more. Never rejects. */
  copy(): Promise<void> {
    this.#copying = this.#copying.then(() => this.#copyAll())
    return this.#copying
  }

  async close(): Promise<void> {
    await this.copy()
    this.#isClosed = true
    this.#cancelRetry?.()
  }

  async #copyAll(): Promise<void> {
    if (this.#isClosed) return
    this.#cancelRetry?.()
    const reached = await Promise.all(this.#parts.targets.map(target => this.#copyTo(target)))
    const all = reached.filter(id => id !== null)
    if (all.length < reached.length) this.#cancelRetry = this.#parts.clock.setTimer(() => void this.copy(), RETRY_MS)
    else if (all.length > 0) await this.#parts.store.write(tx => tx.chain.pruneHeads(Math.min(...all)))
  }

  /** The last head that the target has, or null when it doesn't take more. */
  async #copyTo(target: HeadTarget): Promise<number | null> {
    const { store } = this.#parts
    let reached = await store.read.chain.copiedTo(target.name)
    try {
      for (;;) {
        const heads = await store.read.chain.headsAfter(reached, BATCH)
        const last = heads.at(-1)
        if (!last) break
        await target.send(heads.map(head => head.statement))
        await store.write(tx => tx.chain.setCopied(target.name, last.id))
        reached = last.id
      }
    } catch (error) {
      await this.#failed(target, error)
      return null
    }
    await this.#worked(target)
    return reached
  }

  async #failed({ name }: HeadTarget, error: unknown): Promise<void> {
    const { clock, log } = this.#parts
    const failing = this.#failing.get(name) ?? { sinceMs: clock.nowMs(), isAlarmed: false }
    this.#failing.set(name, failing)
    log.error({ err: error, target: name }, 'Signed heads of the audit can’t be copied')
    if (failing.isAlarmed || !this.#isLong(failing.sinceMs)) return
    failing.isAlarmed = true
    await this.#audit('audit.copy-failed', name, { since: new Date(failing.sinceMs).toISOString() })
  }

  async #worked({ name }: HeadTarget): Promise<void> {
    const failing = this.#failing.get(name)
    this.#failing.delete(name)
    if (failing?.isAlarmed) await this.#audit('audit.copied-again', name, {})
  }

  #isLong(sinceMs: number): boolean {
    return this.#parts.clock.nowMs() - sinceMs >= ALARM_AFTER_MS
  }

  async #audit(action: string, subject: string, detail: Record<string, unknown>): Promise<void> {
    const entry = { organisationId: null, atMs: this.#parts.clock.nowMs(), actor: RELAY_ACTOR, action, subject, detail }
    await this.#parts.store.write(tx => tx.audit(entry)).catch(error => this.#parts.log.error({ err: error }, action))
  }
}
