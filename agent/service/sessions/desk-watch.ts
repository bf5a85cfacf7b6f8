import type { Clock } from '../../links/clock.ts'
import type { DeskState } from '../../platform/platform.ts'

const LOOK_EVERY_MS = 1_000

export interface DeskWatchOptions {
  readonly clock: Clock
  readonly read: () => Promise<DeskState>
  /** What is so first, and each change. */
  readonly onState: (state: DeskState) => void
}

/** Looks whether somebody is at the desktop, for as long as a session is asked for or lives. */
export class DeskWatch {
  readonly #options: DeskWatchOptions
  readonly #first = Promise.withResolvers<DeskState>()
  #last: DeskState | undefined
  #cancel: () => void = () => undefined
  #isClosed = false

  constructor(options: DeskWatchOptions) {
    this.#options = options
    void this.#look()
  }

  /** What was so first. Never resolves where nobody looked before the end. */
  get first(): Promise<DeskState> {
    return this.#first.promise
  }

  /** Idempotent; nothing is called after it. */
  close(): void {
    this.#isClosed = true
    this.#cancel()
  }

  async #look(): Promise<void> {
    const { clock, read, onState } = this.#options
    const state = await read().catch(() => 'unknown' as const)
    if (this.#isClosed) return
    if (state !== this.#last) {
      this.#last = state
      onState(state)
    }
    this.#first.resolve(state)
    if (!this.#isClosed) this.#cancel = clock.setTimer(() => void this.#look(), LOOK_EVERY_MS)
  }
}
