import { TilesError } from '../tiles.ts'

const VARINT_MAX_BYTES = 4

/** Reads a body from its start to its end; a body that ends too early is a `TilesError`. */
export class BodyReader {
  readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length
  }

  byte(): number {
    const value = this.bytes[this.at++]
    if (value === undefined) throw new TilesError('body-truncated')
    return value
  }

  /** The next `length` bytes, where they lie. */
  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new TilesError('body-truncated')
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  /** Unsigned LEB128. */
  varint(): number {
    let value = 0
    for (let index = 0; index < VARINT_MAX_BYTES; index++) {
      const byte = this.byte()
      value |= (byte & 0x7f) << (7 * index)
      if (byte < 0x80) return value
    }
    throw new TilesError('bad-number')
  }
}
