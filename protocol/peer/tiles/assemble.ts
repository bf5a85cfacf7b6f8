import { TILES_FRAME_MAX_BYTES, TILES_MESSAGE_MAX_BYTES } from '../../limits.ts'
import { MESSAGE_HEADER_BYTES, parseMessageHeader, TilesError } from '../tiles.ts'

/** A frame as it travelled, complete. */
export interface ReceivedFrame {
  /** Which frame of the channel, counted from 0, modulo 256. */
  readonly sequence: number
  readonly isDeflated: boolean
  readonly body: Uint8Array<ArrayBuffer>
}

interface OpenFrame {
  readonly isDeflated: boolean
  /** Grows by doubling: a peer that sends single bytes must not cost an object for each of them. */
  buffer: Uint8Array<ArrayBuffer>
  length: number
}

/** Puts the messages of a channel together to frames. */
export class FrameAssembler {
  #open: OpenFrame | undefined
  #nextSequence = 0

  /** The frame that this message completes. Throws `TilesError` for a message that doesn't continue what came before; then the channel is of no more use. */
  add(message: Uint8Array<ArrayBuffer>): ReceivedFrame | undefined {
    const header = parseMessageHeader(message)
    if (!header || message.length > TILES_MESSAGE_MAX_BYTES) throw new TilesError('bad-message')
    const { isDeflated, isFirst, isLast } = header
    const frame: OpenFrame = isFirst ? { isDeflated, buffer: new Uint8Array(), length: 0 } : this.#required(isDeflated)
    if (isFirst && this.#open) throw new TilesError('bad-message')
    append(frame, message.subarray(MESSAGE_HEADER_BYTES))
    this.#open = isLast ? undefined : frame
    if (!isLast) return undefined
    const sequence = this.#nextSequence
    this.#nextSequence = (sequence + 1) % 256
    return { sequence, isDeflated, body: frame.buffer.subarray(0, frame.length) }
  }

  #required(isDeflated: boolean): OpenFrame {
    if (this.#open?.isDeflated !== isDeflated) throw new TilesError('bad-message')
    return this.#open
  }
}

function append(frame: OpenFrame, part: Uint8Array<ArrayBuffer>): void {
  if (part.length === 0) throw new TilesError('bad-message')
  const length = frame.length + part.length
  if (length > TILES_FRAME_MAX_BYTES) throw new TilesError('frame-too-large')
  if (frame.length === 0) {
    // Most frames are one message, which need not be copied.
    frame.buffer = part
  } else {
    if (length > frame.buffer.length) frame.buffer = grown(frame.buffer.subarray(0, frame.length), length)
    frame.buffer.set(part, frame.length)
  }
  frame.length = length
}

function grown(bytes: Uint8Array<ArrayBuffer>, atLeast: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(TILES_FRAME_MAX_BYTES, Math.max(atLeast, bytes.length * 2)))
  larger.set(bytes)
  return larger
}
