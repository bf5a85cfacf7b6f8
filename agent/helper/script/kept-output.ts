import { createHash } from 'node:crypto'
import { RUN_OUTPUT_MAX_BYTES, RUN_PART_BYTES } from '#protocol/scripts/limits.ts'
import type { RunResult } from '#protocol/scripts/run-result.ts'

export interface OutputPart {
  readonly part: number
  /** All that is kept by now. */
  readonly bytes: number
  readonly text: Buffer
}

/** What is kept of what a script prints: its beginning, in parts. What comes after that is read, so that the script goes on, and forgotten. */
export class KeptOutput {
  readonly #onPart: (part: OutputPart) => void
  readonly #hash = createHash('sha256')
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #bytes = 0
  #parts = 0
  #isCut = false
  /** Of the part that isn't full, what was told already. */
  #toldBytes = 0

  constructor(onPart: (part: OutputPart) => void) {
    this.#onPart = onPart
  }

  write(chunk: Buffer): void {
    const kept = chunk.subarray(0, RUN_OUTPUT_MAX_BYTES - this.#bytes)
    if (kept.length < chunk.length) this.#isCut = true
    if (kept.length === 0) return
    this.#bytes += kept.length
    this.#hash.update(kept)
    this.#waiting.push(kept)
    this.#waitingBytes += kept.length
    while (this.#waitingBytes >= RUN_PART_BYTES) this.#cutPart()
  }

  /** Whether there is something that `tell` would say. */
  get isUntold(): boolean {
    return this.#waitingBytes > this.#toldBytes
  }

  /** The part that isn't full yet, as far as it goes; it comes again when it has grown. */
  tell(): void {
    if (!this.isUntold) return
    this.#toldBytes = this.#waitingBytes
    this.#onPart({ part: this.#parts, bytes: this.#bytes, text: Buffer.concat(this.#waiting) })
  }

  /** Nothing may be written after it. */
  finish(): Pick<RunResult, 'outputBytes' | 'isCut' | 'parts' | 'outputDigest'> {
    if (this.#waitingBytes > 0) this.#cutPart()
    return {
      outputBytes: this.#bytes,
      isCut: this.#isCut,
      parts: this.#parts,
      outputDigest: this.#hash.digest('base64url'),
    }
  }

  #cutPart(): void {
    const all = Buffer.concat(this.#waiting)
    const rest = all.subarray(RUN_PART_BYTES)
    this.#waiting = rest.length > 0 ? [rest] : []
    this.#waitingBytes = rest.length
    this.#toldBytes = 0
    const text = all.subarray(0, RUN_PART_BYTES)
    this.#onPart({ part: this.#parts++, bytes: this.#bytes - this.#waitingBytes, text })
  }
}
