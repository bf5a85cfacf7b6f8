import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { PassKeys } from './pass-key.ts'

/** `handhold-relay keys rotate` is another program; what it did must hold within 2 s. */
const LOOK_INTERVAL_MS = 1_000

export interface KeyWatchParts {
  readonly keys: PassKeys
  readonly clock: Clock
  readonly log: Log
  /** In the turn in which the new key begins to sign: who hears of it in order hears of it before anything that it signed. */
  readonly onRotated: () => Promise<void>
}

/** Follows the file of the keys while the relay runs. */
export class KeyWatch {
  readonly #parts: KeyWatchParts
  #cancelTimer: () => void = () => undefined
  #isClosed = false

  constructor(parts: KeyWatchParts) {
    this.#parts = parts
    this.#wait()
  }

  close(): void {
    this.#isClosed = true
    this.#cancelTimer()
  }

  #wait(): void {
    if (this.#isClosed) return
    this.#cancelTimer = this.#parts.clock.setTimer(
      () => void this.#look().finally(() => this.#wait()),
      LOOK_INTERVAL_MS,
    )
  }

  async #look(): Promise<void> {
    const { keys, log, onRotated } = this.#parts
    try {
      if (!(await keys.reload())) return
      const told = onRotated()
      log.info({ kid: keys.keys[0]?.kid }, 'Another key signs passes from now on')
      await told
    } catch (error) {
      log.error({ err: error }, 'The keys of passes could not be followed')
    }
  }
}
