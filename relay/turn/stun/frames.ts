import { HEADER_BYTES, padded } from './message.ts'

const CHANNEL_HEADER_BYTES = 4
const CHANNEL_MIN = 0x4000
const CHANNEL_MAX = 0x4fff

export type Frame =
  | { readonly kind: 'message'; readonly bytes: Buffer }
  | { readonly kind: 'channel'; readonly channel: number; readonly data: Buffer }

/** A stream that isn't TURN, or a frame that is too large. */
export class NotTurn extends Error {}

/** Cuts a TCP stream into STUN messages and ChannelData (RFC 8656, 12.5), however it arrives. */
export class FrameSplitter {
  readonly #maxBytes: number
  #rest: Buffer = Buffer.alloc(0)

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** The frames that are whole now. Throws `NotTurn`; nothing of the stream is to be read after that. */
  *push(chunk: Buffer): Generator<Frame> {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    try {
      for (;;) {
        const size = this.#sizeAt(bytes, at)
        if (size === undefined || at + size > bytes.length) return
        const frame = frameOf(bytes.subarray(at, at + size))
        at += size
        yield frame
      }
    } finally {
      this.#rest = bytes.subarray(at)
    }
  }

  /** Undefined while too little is there to tell. */
  #sizeAt(bytes: Buffer, at: number): number | undefined {
    if (bytes.length < at + CHANNEL_HEADER_BYTES) return undefined
    const first = bytes.readUInt16BE(at)
    const length = bytes.readUInt16BE(at + 2)
    const isMessage = first < CHANNEL_MIN
    if (first > CHANNEL_MAX) throw new NotTurn('neither STUN nor ChannelData')
    const size = isMessage ? HEADER_BYTES + length : CHANNEL_HEADER_BYTES + padded(length)
    if (size > this.#maxBytes) throw new NotTurn('a frame is too large')
    return size
  }
}

function frameOf(bytes: Buffer): Frame {
  const first = bytes.readUInt16BE(0)
  if (first < CHANNEL_MIN) return { kind: 'message', bytes }
  const length = bytes.readUInt16BE(2)
  return { kind: 'channel', channel: first, data: bytes.subarray(CHANNEL_HEADER_BYTES, CHANNEL_HEADER_BYTES + length) }
}

export function channelData(channel: number, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(CHANNEL_HEADER_BYTES + padded(data.length))
  bytes.writeUInt16BE(channel, 0)
  bytes.writeUInt16BE(data.length, 2)
  bytes.set(data, CHANNEL_HEADER_BYTES)
  return bytes
}

export const isChannel = (value: number): boolean => value >= CHANNEL_MIN && value <= CHANNEL_MAX
