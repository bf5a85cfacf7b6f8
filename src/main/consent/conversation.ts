import type { ConsentContract, ConsentState } from '#ipc/consent.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { assertNever } from '#protocol/assert-never.ts'
import type { ConsentToService, ServiceToConsent } from '#protocol/consent.ts'
import { HandholdError } from '#protocol/errors.ts'
import { CONSENT_ARM_DELAY_MS } from '#protocol/limits.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'

export interface ConsentClock {
  /** Epoch. */
  nowMs(): number
  /** Never jumps; only differences mean something. */
  monotonicMs(): number
}

export interface ConversationParts {
  readonly clock: ConsentClock
  tellService(message: ConsentToService): void
  /** The window shows this from now on. */
  show(state: ConsentState): void
}

/** What was asked, whether the person can have read it, and what they said. */
type Phase =
  | { readonly name: 'waiting' }
  | { readonly name: 'asked'; readonly request: SessionRequest; readonly armDelayMs: number }
  | { readonly name: 'readable'; readonly request: SessionRequest; readonly armedAtMonotonicMs: number }
  | { readonly name: 'answered'; readonly request: SessionRequest; readonly isAccepted: boolean }
  | { readonly name: 'live'; readonly request: SessionRequest }
  | { readonly name: 'over' }

/**
 * The person's side of one request, from the question to the end of the session. It asks once and tells the service each answer once;
 * a "yes" counts only after the question was painted and the arming delay has passed, whatever the window says.
 */
export class Conversation {
  #phase: Phase = { name: 'waiting' }
  #state: ConsentState = { name: 'waiting' }
  readonly #parts: ConversationParts
  readonly handlers: CallHandlers<ConsentContract>

  constructor(parts: ConversationParts) {
    this.#parts = parts
    this.handlers = {
      state: () => this.#state,
      painted: () => this.#handlePainted(),
      answer: ({ accept }) => this.#handleAnswer(accept),
      end: () => this.#handleEnd(),
    }
  }

  get isOver(): boolean {
    return this.#phase.name === 'over'
  }

  handleService(message: ServiceToConsent): void {
    switch (message.type) {
      case 'ask':
        this.#handleAsk(message.request, message.armDelayMs)
        break
      case 'banner':
        this.#handleBanner(message.sinceMs, message.linkUp)
        break
      case 'over':
        this.#handleOver(message.reason)
        break
      default:
        assertNever(message)
    }
  }

  /** The window is gone. While a session may live this is its end; before an answer it is a "no", which the service reads from our exit. */
  handleWindowGone(): void {
    const isAccepted = this.#phase.name === 'answered' && this.#phase.isAccepted
    if (isAccepted || this.#phase.name === 'live') this.#parts.tellService({ type: 'end' })
    this.#phase = { name: 'over' }
  }

  #handleAsk(request: SessionRequest, armDelayMs: number): void {
    // One window asks one question. Asked again, it is because the service took the answer for too early: it arms anew.
    const isAgain = this.#phase.name === 'answered' && this.#phase.request.sessionId === request.sessionId
    if (this.#phase.name !== 'waiting' && !isAgain) return
    // The service may arm later than our own limit, never earlier.
    const delayMs = Math.max(armDelayMs, CONSENT_ARM_DELAY_MS)
    this.#phase = { name: 'asked', request, armDelayMs: delayMs }
    // Nothing is armed before it was painted: a window that comes up late would else show live buttons for a moment.
    this.#showQuestion(request, request.consentTimeoutMs)
  }

  #handlePainted(): void {
    if (this.#phase.name !== 'asked') return
    const { request, armDelayMs } = this.#phase
    const armedAtMonotonicMs = this.#parts.clock.monotonicMs() + armDelayMs
    this.#phase = { name: 'readable', request, armedAtMonotonicMs }
    this.#parts.tellService({ type: 'shown' })
    this.#showQuestion(request, armDelayMs)
  }

  #handleAnswer(accept: boolean): void {
    if (this.#phase.name === 'asked' || this.#phase.name === 'waiting') throw notYet()
    if (this.#phase.name !== 'readable') throw new HandholdError('illegal-transition', 'This was answered already.')
    if (this.#parts.clock.monotonicMs() < this.#phase.armedAtMonotonicMs) throw notYet()
    this.#phase = { name: 'answered', request: this.#phase.request, isAccepted: accept }
    this.#parts.tellService({ type: 'answer', accept })
  }

  #handleEnd(): void {
    const isAccepted = this.#phase.name === 'answered' && this.#phase.isAccepted
    if (!isAccepted && this.#phase.name !== 'live') {
      throw new HandholdError('illegal-transition', 'There is no session to end.')
    }
    this.#parts.tellService({ type: 'end' })
  }

  #handleBanner(sinceMs: number, linkUp: boolean): void {
    const isAccepted = this.#phase.name === 'answered' && this.#phase.isAccepted
    if (this.#phase.name === 'waiting' || this.#phase.name === 'over' || (!isAccepted && this.#phase.name !== 'live'))
      return
    const { request } = this.#phase
    this.#phase = { name: 'live', request }
    this.#show({ name: 'banner', request, sinceMs, linkUp })
  }

  #handleOver(reason: EndReason): void {
    const request = 'request' in this.#phase ? this.#phase.request : undefined
    this.#phase = { name: 'over' }
    if (request !== undefined) this.#show({ name: 'over', request, reason })
  }

  #showQuestion(request: SessionRequest, armDelayMs: number): void {
    const nowMs = this.#parts.clock.nowMs()
    const answerByMs = nowMs + request.consentTimeoutMs
    this.#show({ name: 'asking', request, answerByMs, armedAtMs: nowMs + armDelayMs })
  }

  #show(state: ConsentState): void {
    this.#state = state
    this.#parts.show(state)
  }
}

function notYet(): HandholdError {
  return new HandholdError('forbidden', 'Read the question first; the buttons work in a moment.')
}
