import { SHOWN_TEXT_MAX } from '#protocol/limits.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { opens, type ReceiptAnswer, type ReceiptClaims, type ShownWords, sha256Of } from '#protocol/trust/receipt.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { Clock } from '../../links/clock.ts'
import type { SessionChat } from './session-chat.ts'

type Counted = 'version' | 'number' | 'previous' | 'atMs' | 'agentVersion' | 'protocolVersion'
type Without<T> = T extends unknown ? Omit<T, Counted> : never
/** What a receipt says, before it is numbered and signed. */
export type Statement = Without<ReceiptClaims>

export interface SessionReceiptsParts {
  readonly request: SessionRequest
  readonly deviceId: string
  readonly clock: Clock
  /** In the order of the calls. */
  readonly add: (statement: Promise<Statement>) => void
  readonly chat: SessionChat
}

/** What one session has to be answered for. The session says what happens; this says what of it is signed. */
export class SessionReceipts {
  readonly #parts: SessionReceiptsParts
  #words: ShownWords | undefined
  #wasShown = false
  #isAnswered = false
  #unasked: UnaskedCause | undefined
  #grantedSinceMs: number | undefined

  constructor(parts: SessionReceiptsParts) {
    this.#parts = parts
  }

  /** What is written in the session; kept beside the receipts, signed by nobody. */
  get chat(): SessionChat {
    return this.#parts.chat
  }

  /** Another question: what the one before it said is no part of its answer. */
  asking(): void {
    this.#words = undefined
  }

  /** A question stands before the person, with these words where the window tells them. */
  shown(words: ShownWords | undefined): void {
    this.#wasShown = true
    this.#words = words
  }

  /** Nobody was asked: this began by itself. */
  began(unasked: UnaskedCause, granted: readonly Scope[], durationMs: number): void {
    this.#unasked = unasked
    this.answered('not-asked', granted, durationMs)
  }

  /** The person's answer to the request, or to `asked` when further scopes were wished later. */
  answered(answer: ReceiptAnswer, granted: readonly Scope[], durationMs: number, asked?: readonly Scope[]): void {
    this.#isAnswered = true
    if (opens(answer)) this.#grantedSinceMs ??= this.#parts.clock.monotonicMs()
    this.#parts.add(this.#answer(answer, granted, durationMs, asked ?? this.#parts.request.scopes))
  }

  /** Once, at the end. A session that nobody answered gets its answer here; one that was granted is closed. */
  ended(reason: EndReason): void {
    if (!this.#isAnswered) this.answered(this.#answerOf(reason), [], 0)
    if (this.#grantedSinceMs === undefined) return
    const minutes = (this.#parts.clock.monotonicMs() - this.#grantedSinceMs) / 60_000
    const closing = { kind: 'closing' as const, reason, endedAtMs: this.#parts.clock.wallMs() }
    this.#parts.add(Promise.resolve({ ...this.#common(), ...closing, minutes: Math.round(minutes * 100) / 100 }))
  }

  async #answer(
    answer: ReceiptAnswer,
    granted: readonly Scope[],
    durationMs: number,
    asked: readonly Scope[],
  ): Promise<Statement> {
    const { reason, ticket, operatorKeyThumbprint } = this.#parts.request
    const words = this.#words && honest(this.#words)
    return {
      ...this.#common(),
      kind: 'answer',
      operatorKeyThumbprint,
      reason,
      ticket,
      asked: [...asked],
      granted: [...granted],
      durationMs,
      shown: words ? { ...words, sha256: await sha256Of(words.text) } : null,
      answer,
      ...(answer === 'not-asked' && this.#unasked && { unasked: this.#unasked }),
    }
  }

  #answerOf(reason: EndReason): ReceiptAnswer {
    if (reason === 'denied') return 'denied'
    if (reason === 'consent-timeout') return 'timeout'
    return this.#wasShown ? 'withdrawn' : 'not-shown'
  }

  #common() {
    const { request, deviceId } = this.#parts
    return { sessionId: request.sessionId, deviceId, organisation: request.organisation, operator: request.operator }
  }
}

/** Line by line, so that nothing in it can reorder or hide what somebody reads later. */
const honest = ({ language, text }: ShownWords): ShownWords => ({
  language,
  text: text
    .split('\n')
    .map(line => toDisplayLine(line, SHOWN_TEXT_MAX))
    .filter(line => line !== '')
    .join('\n')
    .slice(0, SHOWN_TEXT_MAX)
    .toWellFormed(),
})
