import { RECONNECT_TIMEOUT_MS } from '#protocol/limits.ts'
import type { Clock } from '../../links/clock.ts'

export interface LinkWatchHandlers {
  onInterrupted(giveUpInMs: number): void
  onRestored(): void
  /** Once; nothing is called after it. */
  onLost(): void
}

/** What the states of ICE say of a connection that was there: it is waited for, never built anew, and given up after 120 s. */
export class LinkWatch {
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #handlers: LinkWatchHandlers
  #cancelGiveUp: (() => void) | undefined

  constructor(clock: Pick<Clock, 'setTimer'>, handlers: LinkWatchHandlers) {
    this.#clock = clock
    this.#handlers = handlers
  }

  handleState(state: string): void {
    if (state === 'disconnected' && !this.#cancelGiveUp) {
      this.#cancelGiveUp = this.#clock.setTimer(() => this.#handlers.onLost(), RECONNECT_TIMEOUT_MS)
      this.#handlers.onInterrupted(RECONNECT_TIMEOUT_MS)
    } else if ((state === 'connected' || state === 'completed') && this.#cancelGiveUp) {
      this.close()
      this.#handlers.onRestored()
    }
  }

  /** Idempotent. */
  close(): void {
    this.#cancelGiveUp?.()
    this.#cancelGiveUp = undefined
  }
}
