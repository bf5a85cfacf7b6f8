import type { Clock } from '../links/clock.ts'

export interface AwaitedReturnOptions {
  readonly clock: Clock
  /** Nobody came back in time. */
  readonly onGiveUp: () => void
}

/** The time that an operator whose link is lost has for coming back: it runs from the first sign of the loss, however many connections are tried meanwhile. */
export class AwaitedReturn {
  readonly #options: AwaitedReturnOptions
  #cancel: (() => void) | undefined

  constructor(options: AwaitedReturnOptions) {
    this.#options = options
  }

  /** False when it runs already. */
  begin(giveUpInMs: number): boolean {
    if (this.#cancel) return false
    const { clock, onGiveUp } = this.#options
    this.#cancel = clock.setTimer(onGiveUp, giveUpInMs)
    return true
  }

  /** They are there, or aren't waited for any more. Idempotent. */
  over(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
