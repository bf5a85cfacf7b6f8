import { HandholdError } from '#protocol/errors.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import type { KeptReceipts } from './receipt-files.ts'

/** A backlog leaves most of the socket's 20 messages a second to sessions. */
const PACE_MS = 100
/** Refusals that may pass by themselves; any other is the relay's last word on that receipt. */
const PASSING = new Set(['link-closed', 'device-offline', 'timeout', 'internal', 'rate-limited', 'audit-unavailable'])

export interface DeliveryParts {
  /** Resolves when the relay has it for good. */
  readonly send: (message: AgentToRelay) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
  /** More of it was delivered. */
  readonly changed: (kept: KeptReceipts) => Promise<void>
}

/** Brings receipts to the relay in their order, one at a time, for as long as that takes. */
export class Delivery {
  readonly #parts: DeliveryParts
  readonly #waiting = new Set<KeptReceipts>()
  #isRunning = false
  #isAgain = false

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  /** There is something to deliver, or more of it. */
  offer(kept: KeptReceipts): void {
    if (kept.delivered >= kept.receipts.length) return
    this.#waiting.add(kept)
    this.start()
  }

  /** Tries now; when the relay goes away it waits for the next start. Idempotent. */
  start(): void {
    this.#isAgain = true
    if (this.#isRunning) return
    this.#isRunning = true
    void this.#run()
  }

  async #run(): Promise<void> {
    while (this.#isAgain) {
      this.#isAgain = false
      for (const kept of this.#waiting) if (!(await this.#deliver(kept))) break
    }
    this.#isRunning = false
  }

  /** Whether to go on with the next one. */
  async #deliver(kept: KeptReceipts): Promise<boolean> {
    for (let receipt = kept.receipts[kept.delivered]; receipt; receipt = kept.receipts[kept.delivered]) {
      try {
        await this.#parts.send({ type: 'session.receipt', sessionId: kept.sessionId, receipt })
      } catch (thrown) {
        if (!(thrown instanceof HandholdError) || PASSING.has(thrown.code)) return false
        this.#parts.log.error({ session: kept.sessionId, code: thrown.code }, 'the relay doesn’t take a receipt')
      }
      kept.delivered++
      await this.#parts.changed(kept)
      await new Promise<void>(resolve => this.#parts.clock.setTimer(resolve, PACE_MS))
    }
    this.#waiting.delete(kept)
    return true
  }
}
