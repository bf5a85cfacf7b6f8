import { HandholdError } from '#protocol/errors.ts'
import type { RunReport } from '#protocol/scripts/wire.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { Logger } from '../log.ts'

export interface RunDeliveryParts {
  readonly runId: string
  readonly request: (message: AgentToRelay) => Promise<void>
  readonly log: Logger
  /** The last word was taken, or refused: there is nothing more to say of this run. */
  readonly onDone: () => void
}

/** What is said of one run, in its order. What the relay wasn't there for waits until it is back. */
export class RunDelivery {
  readonly #parts: RunDeliveryParts
  readonly #waiting: RunReport[] = []
  #isBusy = false

  constructor(parts: RunDeliveryParts) {
    this.#parts = parts
  }

  say(report: RunReport): void {
    this.#waiting.push(report)
    this.resume()
  }

  /** The relay may be there again. Safe at any time. */
  resume(): void {
    if (!this.#isBusy) void this.#deliver()
  }

  async #deliver(): Promise<void> {
    const { runId, request, log, onDone } = this.#parts
    this.#isBusy = true
    for (let report = this.#waiting[0]; report; report = this.#waiting[0]) {
      try {
        await request({ type: 'script.report', runId, report })
      } catch (thrown) {
        if (isAway(thrown)) break
        log.warn({ run: runId, what: report.what, err: thrown }, 'the relay did not take a report of a script')
      }
      this.#waiting.shift()
      if (report.what === 'ended' || report.what === 'refused') onDone()
    }
    this.#isBusy = false
  }
}

const isAway = (thrown: unknown): boolean =>
  thrown instanceof HandholdError && (thrown.code === 'link-closed' || thrown.code === 'timeout')
