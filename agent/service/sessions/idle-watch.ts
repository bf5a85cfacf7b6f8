import type { Clock } from '../../links/clock.ts'
import { HOST_ACTIVITY_INTERVAL_MS } from '../../links/host-link.ts'

export interface IdleWatchOptions {
  readonly clock: Clock
  /** Undefined: the session may be idle for as long as it lasts. */
  readonly idleMs: number | undefined
  readonly onIdle: () => void
}

/** Ends a session whose operator has done nothing for that long: no input, no words, no tool. Only looking on is nothing. */
export class IdleWatch {
  readonly #options: IdleWatchOptions
  #cancelTimer: () => void = () => undefined

  constructor(options: IdleWatchOptions) {
    this.#options = options
  }

  /** The operator did something, or came in. */
  touch(): void {
    const { clock, idleMs, onIdle } = this.#options
    this.#cancelTimer()
    // The host doesn't say each thing that is done.
    if (idleMs !== undefined) this.#cancelTimer = clock.setTimer(onIdle, idleMs + HOST_ACTIVITY_INTERVAL_MS)
  }

  /** Idempotent. */
  stop(): void {
    this.#cancelTimer()
  }
}
