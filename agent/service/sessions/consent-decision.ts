import type { ConsentToService } from '#protocol/consent.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Clock } from '../../links/clock.ts'

/** A window that shows nothing in this time shows nothing at all. */
const SHOWN_WITHIN_MS = 10_000

export type ConsentOutcome =
  | { readonly accepted: true }
  | {
      readonly accepted: false
      readonly reason: Extract<EndReason, 'denied' | 'consent-timeout'>
      /** For the log. */
      readonly why: string
    }

export interface ConsentDecisionOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly armDelayMs: number
  /** The dialog is on the screen and the time runs. */
  readonly onShown: () => void
  /** Called exactly once. */
  readonly onDecided: (outcome: ConsentOutcome) => void
}

/**
 * The consent bit of one session. Only messages of the person's own window reach it, and `accepted` comes from one place only:
 * an `answer` to a dialog that was on the screen long enough to be read. Everything else is a "no".
 */
export class ConsentDecision {
  readonly #options: ConsentDecisionOptions
  #shownAtMs: number | undefined
  #isDecided = false
  #cancelDeadline: () => void

  constructor(options: ConsentDecisionOptions) {
    this.#options = options
    this.#cancelDeadline = options.clock.setTimer(
      () => this.#refuse('the dialog was not shown in time'),
      SHOWN_WITHIN_MS,
    )
  }

  /** One message of the consent window. */
  handle(message: ConsentToService): void {
    if (this.#isDecided) return
    if (message.type === 'shown') this.#shown()
    else if (message.type === 'answer') this.#answered(message.accept)
    else if (message.type === 'failed') this.#refuse(`no dialog can be shown: ${message.message}`)
    else if (message.type === 'end') this.#refuse('the person ended it')
  }

  /** The window is gone. */
  windowGone(why: string): void {
    this.#refuse(`the window went away without an answer: ${why}`)
  }

  /** Nobody waits for an answer any more; nothing is called after this. Idempotent. */
  cancel(): void {
    this.#isDecided = true
    this.#cancelDeadline()
  }

  #shown(): void {
    if (this.#shownAtMs !== undefined) return
    const { clock, timeoutMs, onShown } = this.#options
    this.#cancelDeadline()
    this.#shownAtMs = clock.monotonicMs()
    this.#cancelDeadline = clock.setTimer(
      () => this.#decide({ accepted: false, reason: 'consent-timeout', why: 'nobody answered' }),
      timeoutMs,
    )
    onShown()
  }

  #answered(accept: boolean): void {
    if (!accept) {
      this.#refuse('the person declined')
      return
    }
    const { clock, armDelayMs } = this.#options
    // Nobody reads a dialog in that time: this was a click meant for what was under it.
    if (this.#shownAtMs === undefined || clock.monotonicMs() - this.#shownAtMs < armDelayMs) return
    this.#decide({ accepted: true })
  }

  #refuse(why: string): void {
    this.#decide({ accepted: false, reason: 'denied', why })
  }

  #decide(outcome: ConsentOutcome): void {
    if (this.#isDecided) return
    this.cancel()
    this.#options.onDecided(outcome)
  }
}
