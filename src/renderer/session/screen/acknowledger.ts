import { TILES_ACK_AFTER_BYTES, TILES_ACK_AFTER_MS } from '#protocol/limits.ts'
import { encodeAck } from '#protocol/peer/tiles.ts'

export interface AcknowledgerOptions {
  readonly send: (message: Uint8Array<ArrayBuffer>) => void
  /** Returns how to cancel it. */
  readonly after: (delayMs: number, act: () => void) => () => void
}

/** Tells the agent what is drawn: at once when much came, else after a moment, in which more may be drawn. */
export class Acknowledger {
  readonly #options: AcknowledgerOptions
  #sequence = 0
  #bytes = 0
  #cancel: (() => void) | undefined

  constructor(options: AcknowledgerOptions) {
    this.#options = options
  }

  /** `bytes` came since the last call, and everything up to frame `sequence` of them is drawn. */
  handleDrawn(sequence: number, bytes: number): void {
    this.#sequence = sequence
    this.#bytes += bytes
    if (this.#bytes >= TILES_ACK_AFTER_BYTES) this.#send()
    else this.#cancel ??= this.#options.after(TILES_ACK_AFTER_MS, () => this.#send())
  }

  /** Idempotent. */
  close(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #send(): void {
    this.close()
    this.#bytes = 0
    this.#options.send(encodeAck(this.#sequence))
  }
}
