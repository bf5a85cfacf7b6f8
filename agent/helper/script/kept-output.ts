import { createHash } from 'node:crypto'
import { RUN_OUTPUT_MAX_BYTES, RUN_PART_BYTES } from '#protocol/scripts/limits.ts'
import type { RunResult } from '#protocol/scripts/run-result.ts'

/** What is kept of what a script prints: its beginning, in parts. What comes after that is read, so that the script goes on, and forgotten. */
export class KeptOutput {
  readonly #onPart: (part: number, bytes: Buffer) => void
  readonly #hash = createHash('sha256')
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #bytes = 0
  #parts = 0
  #isCut = false

  constructor(onPart: (part: number, bytes: Buffer) => void) {
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
    this.#onPart(this.#parts++, all.subarray(0, RUN_PART_BYTES))
  }
}
