import { TOOLS_FRAME_MAX_BYTES } from './limits.ts'

/** Four bytes of length, most significant first, then the message. */
const HEADER_BYTES = 4

export function toFrame(message: Uint8Array): Uint8Array {
  if (message.length < 1 || message.length > TOOLS_FRAME_MAX_BYTES)
    throw new RangeError('a frame has 1 to 65,536 bytes')
  const frame = new Uint8Array(HEADER_BYTES + message.length)
  new DataView(frame.buffer).setUint32(0, message.length)
  frame.set(message, HEADER_BYTES)
  return frame
}

/** Cuts a stream into its messages. It never holds more than one frame and one chunk, whatever a sender claims. */
export class FrameReader {
  #pending: Uint8Array = new Uint8Array(0)
  #isBroken = false

  /** The messages that this chunk completes; undefined once a length was wrong, from then on for good. */
  push(chunk: Uint8Array): Uint8Array[] | undefined {
    if (this.#isBroken) return undefined
    let bytes = this.#pending.length === 0 ? chunk : joined(this.#pending, chunk)
    const messages: Uint8Array[] = []
    while (bytes.length >= HEADER_BYTES) {
      const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
      if (length < 1 || length > TOOLS_FRAME_MAX_BYTES) {
        this.#isBroken = true
        this.#pending = new Uint8Array(0)
        return undefined
      }
      if (bytes.length < HEADER_BYTES + length) break
      messages.push(bytes.slice(HEADER_BYTES, HEADER_BYTES + length))
      bytes = bytes.subarray(HEADER_BYTES + length)
    }
    this.#pending = bytes.slice()
    return messages
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}
