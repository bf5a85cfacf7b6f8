import type { ConsentToService } from '#protocol/consent.ts'
import { HandholdError } from '#protocol/errors.ts'
import { CONSENT_ARM_DELAY_MS, FURTHER_QUESTIONS_MAX } from '#protocol/limits.ts'
import type { FurtherAnswer, Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { ReceiptAnswer } from '#protocol/trust/receipt.ts'
import type { Clock } from '../../links/clock.ts'
import type { Logger } from '../log.ts'
import type { SessionReceipts } from '../receipts/session-receipts.ts'
import { ConsentDecision, type ConsentOutcome } from './consent-decision.ts'
import type { Denials } from './denials.ts'
import type { HostProcess } from './host-process.ts'
import type { LiveRights } from './live-rights.ts'
import type { PersonWindow } from './person-window.ts'

export interface FurtherQuestionsParts {
  readonly clock: Clock
  readonly log: Logger
  readonly timeoutMs: number
  readonly operatorId: string
  readonly denials: Denials
  readonly receipts: Pick<SessionReceipts, 'asking' | 'answered'>
  readonly window: Pick<PersonWindow, 'askFurther' | 'furtherOver'>
  readonly rights: Pick<LiveRights, 'scopes' | 'answerFurther'>
  readonly tellHost: HostProcess['send']
  /** How long what is allowed now lasts. */
  readonly leftMs: () => number
  readonly onEvent: (event: Extract<SessionEvent, { type: 'further-asked' | 'further-shown' }>) => void
  /** The session has more than before. */
  readonly onGranted: () => void
}

interface Pending {
  readonly scopes: readonly Scope[]
  readonly decision: ConsentDecision
}

/**
 * Questions for more in a session that lives, one at a time and by the rules of the first: arming, countdown, the person's own hand, three refusals. While one
 * stands, the host takes no input of the operator's.
 */
export class FurtherQuestions {
  readonly #parts: FurtherQuestionsParts
  #pending: Pending | undefined
  #asked = 0

  constructor(parts: FurtherQuestionsParts) {
    this.#parts = parts
  }

  /** Throws unless the person may be asked for this now. */
  ask(scopes: readonly Scope[]): void {
    this.#requireAskable(scopes)
    const { clock, timeoutMs, window, receipts, tellHost, onEvent } = this.#parts
    this.#asked++
    receipts.asking()
    onEvent({ type: 'further-asked', scopes: [...scopes] })
    tellHost({ type: 'set-asking', asking: true })
    const show = () => window.askFurther({ scopes: [...scopes], timeoutMs, armDelayMs: CONSENT_ARM_DELAY_MS })
    const decision = new ConsentDecision({
      clock,
      timeoutMs,
      armDelayMs: CONSENT_ARM_DELAY_MS,
      askedScopes: ['view', ...scopes],
      // Who asks is the one who joined: their connection is proven.
      isRightNumber: number => number === null,
      onShown: () => onEvent({ type: 'further-shown', untilMs: clock.wallMs() + timeoutMs }),
      onTooEarly: show,
      onDecided: outcome => this.#decided(outcome),
    })
    this.#pending = { scopes, decision }
    show()
  }

  /** What the window says that belongs to a question. */
  handle(message: ConsentToService): void {
    this.#pending?.decision.handle(message)
  }

  /** Nobody could see what they answer. */
  nobodyThere(): void {
    this.#pending?.decision.nobodyThere('screen-locked')
  }

  /** The person took control back meanwhile: that is a "no" to more of it. */
  refuse(): void {
    this.#pending?.decision.handle({ type: 'answer', answer: { accept: false } })
  }

  /** The session ends. Idempotent. */
  cancel(): void {
    const pending = this.#pending
    if (!pending) return
    this.#pending = undefined
    pending.decision.cancel()
    this.#parts.receipts.answered('withdrawn', [], 0, pending.scopes)
  }

  #requireAskable(scopes: readonly Scope[]): void {
    const { denials, operatorId, rights } = this.#parts
    if (this.#pending)
      throw new HandholdError('illegal-transition', 'The person is being asked already. Wait for the answer.')
    if (scopes.every(scope => rights.scopes.includes(scope)))
      throw new HandholdError('bad-request', 'The session has all of this already.')
    if (denials.blockedUntilMs(operatorId) !== null)
      throw new HandholdError(
        'asked-too-often',
        'The person has refused you three times. Ask a quarter of an hour later.',
      )
    if (this.#asked >= FURTHER_QUESTIONS_MAX)
      throw new HandholdError('asked-too-often', 'The person was asked for more often enough. Ask for a new session.')
  }

  #decided(outcome: ConsentOutcome): void {
    const { denials, operatorId, receipts, window, rights, tellHost, leftMs, log, onGranted } = this.#parts
    const asked = this.#pending?.scopes ?? []
    this.#pending = undefined
    const added = outcome.accepted ? outcome.scopes.filter(scope => scope !== 'view') : []
    const answer = answerOf(outcome, added)
    log.info({ asked, added, answer }, 'the person was asked for more')
    if (answer === 'denied') denials.record(operatorId)
    receipts.answered(answer, added, answer === 'granted' ? leftMs() : 0, asked)
    tellHost({ type: 'set-asking', asking: false })
    window.furtherOver()
    rights.answerFurther(answer, added)
    if (answer === 'granted') onGranted()
  }
}

/** A "yes" that allows nothing is a "no". */
function answerOf(outcome: ConsentOutcome, added: readonly Scope[]): ReceiptAnswer & FurtherAnswer {
  if (outcome.accepted) return added.length > 0 ? 'granted' : 'denied'
  if (outcome.reason === 'denied') return 'denied'
  return outcome.reason === 'consent-timeout' ? 'timeout' : 'not-shown'
}
