import { HandholdError } from '#protocol/errors.ts'
import type { RunReport } from '#protocol/scripts/wire.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'

/** A relay whose disk is full is asked again. */
const FULL_RETRY_MS = 15_000

export interface RunDeliveryParts {
  readonly runId: string
  readonly request: (message: AgentToRelay) => Promise<void>
  readonly log: Logger
  readonly clock: Pick<Clock, 'setTimer'>
  /** The last word was taken, or refused: there is nothing more to say of this run. */
  readonly onDone: () => void
}

/** What is said of one run, in its order. What the relay wasn't there for, or had no room for, waits until it is and has. */
export class RunDelivery {
  readonly #parts: RunDeliveryParts
  readonly #waiting: RunReport[] = []
  #isBusy = false
  #isRetrying = false

  constructor(parts: RunDeliveryParts) {
    this.#parts = parts
  }

  say(report: RunReport): void {
    const last = this.#waiting.at(-1)
    // The first is on its way. A piece that has grown meanwhile takes its own place, so that what waits for the relay is never more than the output.
    const isOfLast = report.what === 'output' && last?.what === 'output' && last.part === report.part
    if (isOfLast && !(this.#isBusy && this.#waiting.length === 1)) this.#waiting.pop()
    this.#waiting.push(report)
    this.resume()
  }

  /** The relay may be there again. Safe at any time. */
  resume(): void {
    if (!this.#isBusy) void this.#deliver()
  }

  #retryLater(clock: Pick<Clock, 'setTimer'>): void {
    if (this.#isRetrying) return
    this.#isRetrying = true
    clock.setTimer(() => {
      this.#isRetrying = false
      this.resume()
    }, FULL_RETRY_MS)
  }

  async #deliver(): Promise<void> {
    const { runId, request, log, clock, onDone } = this.#parts
    this.#isBusy = true
    for (let report = this.#waiting[0]; report; report = this.#waiting[0]) {
      try {
        await request({ type: 'script.report', runId, report })
      } catch (thrown) {
        if (isAway(thrown)) break
        if (isFull(thrown)) {
          this.#retryLater(clock)
          break
        }
        log.warn({ run: runId, what: report.what, err: thrown }, 'the relay did not take a report of a script')
      }
      this.#waiting.shift()
      if (report.what === 'ended' || report.what === 'refused') onDone()
    }
    this.#isBusy = false
  }
}

const isFull = (thrown: unknown): boolean => thrown instanceof HandholdError && thrown.code === 'storage-full'

const isAway = (thrown: unknown): boolean =>
  thrown instanceof HandholdError && (thrown.code === 'link-closed' || thrown.code === 'timeout')
