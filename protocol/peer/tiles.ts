/**
 * The binary channel `tiles`: the picture without loss. A frame is one atomic change of it, cut into messages of one byte of header and a
 * part of the body. Frames are counted by both sides. The other way goes one acknowledgement for what is drawn.
 */

/** Bits of a message's header; the other bits are 0. */
export const MESSAGE_FIRST = 1
export const MESSAGE_LAST = 2
/** The body is deflated as a whole (RFC 1951); the same in every message of a frame. */
export const MESSAGE_DEFLATED = 4
export const MESSAGE_HEADER_BYTES = 1

/** Commands of a body. */
export const COMMAND = {
  size: 1,
  copy: 2,
  rect: 3,
  fill: 4,
  motion: 5,
  tiles: 6,
  exact: 7,
  again: 8,
  stencil: 9,
} as const

/** A stencil of so many pixels. */
export const stencilBytes = (pixels: number): number => Math.ceil(pixels / 8)

/** First bytes of the operations of a `rect`. */
export const PIXELS = {
  index: 0x00,
  diff: 0x40,
  luma: 0x80,
  run: 0xa0,
  up: 0xc0,
  skip: 0xe0,
  rgb: 0xff,
} as const

/** What is wrong with the bytes of a peer. Codes are stable: logs name them. */
export type TilesProblem =
  | 'bad-message'
  | 'bad-deflate'
  | 'frame-too-large'
  | 'body-too-large'
  | 'body-truncated'
  | 'unknown-command'
  | 'bad-number'
  | 'bad-size'
  | 'no-size'
  | 'outside'
  | 'run-too-long'
  | 'nothing-above'
  | 'too-much-work'

/** A peer's bytes aren't of the protocol. Nothing of them is shown and the channel closes. */
export class TilesError extends Error {
  readonly problem: TilesProblem

  constructor(problem: TilesProblem, options?: ErrorOptions) {
    super(`The picture’s bytes are malformed: ${problem}`, options)
    this.name = 'TilesError'
    this.problem = problem
  }
}

export interface MessageHeader {
  readonly isFirst: boolean
  readonly isLast: boolean
  readonly isDeflated: boolean
}

/** Undefined for a message that isn't one. */
export function parseMessageHeader(message: Uint8Array): MessageHeader | undefined {
  const [flags] = message
  if (flags === undefined || flags > 7) return undefined
  return {
    isFirst: (flags & MESSAGE_FIRST) !== 0,
    isLast: (flags & MESSAGE_LAST) !== 0,
    isDeflated: (flags & MESSAGE_DEFLATED) !== 0,
  }
}

const ACK_BYTES = 2
const SEEN_BYTES = 3

/** "Everything up to this frame is drawn": frames are counted from 0, modulo 256. */
export function encodeAck(sequence: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(0, sequence)
}

/** "This frame of the video is decoded here": its number, 0..65535, from its stamp. Told of each that is looked at, also while tiles show the picture. */
export function encodeSeen(frameNumber: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(1, frameNumber >> 8, frameNumber)
}

/** The number of the video frame that an operator has seen; undefined for anything else. */
export function parseSeen(message: Uint8Array): number | undefined {
  const [type, high = 0, low = 0] = message
  return message.length === SEEN_BYTES && type === 1 ? (high << 8) | low : undefined
}

/** The sequence number that an operator acknowledges; undefined for anything else. */
export function parseAck(message: Uint8Array): number | undefined {
  return message.length === ACK_BYTES && message[0] === 0 ? message[1] : undefined
}
