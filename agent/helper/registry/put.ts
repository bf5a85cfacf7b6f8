import { HandholdError } from '#protocol/errors.ts'
import { REG_FILE_MAX_BYTES } from '#protocol/tools/registry.ts'
import type { Put } from './edits/plan.ts'

/** What comes in parts before it is used: each right after the one before, and never more than a file may have. */
export class PutBytes implements Put {
  #parts: Uint8Array[] = []
  #length = 0

  add(offset: number, bytes: Uint8Array): void {
    if (offset === 0) this.#clear()
    if (offset !== this.#length || this.#length + bytes.length > REG_FILE_MAX_BYTES) {
      this.#clear()
      throw new HandholdError('bad-request', 'The parts of the file don’t follow on each other. Send it again.')
    }
    this.#parts.push(bytes)
    this.#length += bytes.length
  }

  take(): Uint8Array {
    const whole = Uint8Array.from(Buffer.concat(this.#parts))
    this.#clear()
    return whole
  }

  #clear(): void {
    this.#parts = []
    this.#length = 0
  }
}
