import type { ConsentAnswer, ConsentToService } from '#protocol/consent.ts'
import type { EndCause, EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import { isTool } from '#protocol/tools/tools.ts'
import type { Clock } from '../../links/clock.ts'

/** A window that shows nothing in this time shows nothing at all. */
const SHOWN_WITHIN_MS = 10_000

export type ConsentOutcome =
  | {
      readonly accepted: true
      /** What the person allows: all that was asked for, or a part. */
      readonly scopes: Scope[]
      /** Why nobody was asked; undefined where the person answered. */
      readonly unasked?: UnaskedCause | undefined
    }
  | {
      readonly accepted: false
      readonly reason: Extract<EndReason, 'denied' | 'consent-timeout' | 'agent-failed'>
      readonly cause?: EndCause
      /** For the log. */
      readonly why: string
    }

export interface ConsentDecisionOptions {
  readonly clock: Clock
  readonly timeoutMs: number
  readonly armDelayMs: number
  readonly askedScopes: readonly Scope[]
  /** Whether the person picked the number that the operator has; where none is asked for, null is right. */
  readonly isRightNumber: (number: number | null) => boolean
  /** The dialog is on the screen and the time runs. */
  readonly onShown: () => void
  /** A "yes" came before the dialog was armed and didn't count: the dialog has to ask again. */
  readonly onTooEarly: () => void
  /** Called exactly once. */
  readonly onDecided: (outcome: ConsentOutcome) => void
}

/**
 * The consent bit of one session. Only messages of the person's own window reach it, and `accepted` comes from one place only:
 * an `answer` to a dialog that was on the screen long enough to be read, or a banner that is on the screen where policy and device want no answer. Everything
 * else is a "no".
 */
export class ConsentDecision {
  readonly #options: ConsentDecisionOptions
  /** Since when the dialog can be read; none before it is shown, and again after a "yes" that came too early. */
  #shownAtMs: number | undefined
  #hasBeenShown = false
  #isDecided = false
  #unasked: UnaskedCause | undefined
  #cancelDeadline: () => void

  constructor(options: ConsentDecisionOptions) {
    this.#options = options
    this.#cancelDeadline = options.clock.setTimer(() => this.#fail('the dialog was not shown in time'), SHOWN_WITHIN_MS)
  }

  /** One message of the consent window. */
  handle(message: ConsentToService): void {
    if (this.#isDecided) return
    if (message.type === 'shown') this.#shown()
    else if (message.type === 'answer') this.#answered(message.answer)
    else if (message.type === 'failed') this.#fail(`no dialog can be shown: ${message.message}`)
    else if (message.type === 'end') this.#refuse('the person ended it')
  }

  /** Nobody is asked, for this reason: what counts from now on is that the banner can be seen. No answer does. */
  announce(cause: UnaskedCause): void {
    this.#unasked = cause
  }

  /** There is nobody who could answer, or could see what they answer. */
  nobodyThere(cause: Extract<EndCause, 'nobody-signed-in' | 'screen-locked'>): void {
    this.#decide({ accepted: false, reason: 'consent-timeout', cause, why: 'nobody is at the screen' })
  }

  /** The window is gone. */
  windowGone(why: string): void {
    if (this.#hasBeenShown) this.#refuse(`the window went away without an answer: ${why}`, 'window-closed')
    else this.#fail(`the window went away before it was shown: ${why}`)
  }

  /** Nobody waits for an answer any more; nothing is called after this. Idempotent. */
  cancel(): void {
    this.#isDecided = true
    this.#cancelDeadline()
  }

  #shown(): void {
    if (this.#unasked) {
      this.#decide({ accepted: true, scopes: [...this.#options.askedScopes], unasked: this.#unasked })
      return
    }
    if (this.#shownAtMs !== undefined) return
    const { clock, timeoutMs, onShown } = this.#options
    this.#shownAtMs = clock.monotonicMs()
    // Asked again because of an early "yes": the time goes on as it was.
    if (this.#hasBeenShown) return
    this.#hasBeenShown = true
    this.#cancelDeadline()
    this.#cancelDeadline = clock.setTimer(
      () => this.#decide({ accepted: false, reason: 'consent-timeout', why: 'nobody answered' }),
      timeoutMs,
    )
    onShown()
  }

  #answered(answer: ConsentAnswer): void {
    if (this.#unasked) return
    if (!answer.accept) {
      this.#refuse('the person declined')
      return
    }
    const { clock, armDelayMs, askedScopes, isRightNumber, onTooEarly } = this.#options
    // Nobody reads a dialog in that time: this was a click meant for what was under it.
    if (this.#shownAtMs === undefined || clock.monotonicMs() - this.#shownAtMs < armDelayMs) {
      this.#shownAtMs = undefined
      onTooEarly()
    } else if (answer.scopes.some(scope => !askedScopes.includes(scope))) {
      this.#fail('the window allowed what nobody asked for')
    } else if (!isRightNumber(answer.number)) {
      // Whoever the person talks to isn't who asks: one wrong number is a "no", or guessing would pay.
      this.#refuse('the person picked another number', 'wrong-number')
    } else this.#decide({ accepted: true, scopes: inForce(answer.scopes, askedScopes) })
  }

  /** A "no" too, but nobody's: the person was never asked. */
  #fail(why: string): void {
    this.#decide({ accepted: false, reason: 'agent-failed', cause: 'no-way-to-ask', why })
  }

  #refuse(why: string, cause?: EndCause): void {
    this.#decide({ accepted: false, reason: 'denied', ...(cause && { cause }), why })
  }

  #decide(outcome: ConsentOutcome): void {
    if (this.#isDecided) return
    this.cancel()
    this.#options.onDecided(outcome)
  }
}

/** A tool takes control too: left on where control was refused it does nothing, so banner, receipt and audit don't say that it is allowed. */
function inForce(allowed: Scope[], asked: readonly Scope[]): Scope[] {
  const isControlRefused = asked.includes('control') && !allowed.includes('control')
  return isControlRefused ? allowed.filter(scope => !isTool(scope)) : allowed
}
