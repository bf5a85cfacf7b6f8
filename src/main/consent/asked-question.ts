import { HandholdError } from '#protocol/errors.ts'
import { CONSENT_ARM_DELAY_MS } from '#protocol/limits.ts'

/** One question that is put to the person: when they can have read it, and that it is answered once. */
export class AskedQuestion {
  /** The service may arm later than our own limit, never earlier. */
  readonly armDelayMs: number
  #armedAtMonotonicMs: number | undefined
  #isAnswered = false

  constructor(armDelayMs: number) {
    this.armDelayMs = Math.max(armDelayMs, CONSENT_ARM_DELAY_MS)
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /** It stands on the screen. False for every time but the first: saying it again neither shortens nor restarts the wait. */
  painted(monotonicMs: number): boolean {
    if (this.#armedAtMonotonicMs !== undefined) return false
    this.#armedAtMonotonicMs = monotonicMs + this.armDelayMs
    return true
  }

  /** Throws unless it can be answered now. */
  requireReadable(monotonicMs: number, isCovered: boolean): void {
    if (this.#isAnswered) throw new HandholdError('illegal-transition', 'This was answered already.')
    if (this.#armedAtMonotonicMs === undefined || monotonicMs < this.#armedAtMonotonicMs) throw notYet()
    if (isCovered)
      throw new HandholdError('illegal-transition', 'Something stands in front of the question. Close it and read.')
  }

  answered(): void {
    this.#isAnswered = true
  }
}

export function notYet(): HandholdError {
  return new HandholdError('forbidden', 'Read the question first; the buttons work in a moment.')
}
