import { inflateRawSync } from 'node:zlib'
import { TILES_BODY_MAX_BYTES } from '#protocol/limits.ts'
import { FrameAssembler } from '#protocol/peer/tiles/assemble.ts'
import { applyFrame } from '#protocol/peer/tiles/decode.ts'
import type { Picture } from '#protocol/peer/tiles/picture.ts'
import { encodeAck } from '#protocol/peer/tiles.ts'

/** The operator's end of the channel `tiles` without a window: applies the frames that arrive and acknowledges them at once. */
export class ReceivedTiles {
  readonly #assembler = new FrameAssembler()
  readonly #acknowledge: (message: Uint8Array) => void
  #picture: Picture | undefined
  #frames = 0

  constructor(acknowledge: (message: Uint8Array) => void) {
    this.#acknowledge = acknowledge
  }

  /** Undefined before the first frame. */
  get picture(): Picture | undefined {
    return this.#picture
  }

  get frames(): number {
    return this.#frames
  }

  /** Whether the message completed a frame. Throws for bytes that aren't of the protocol. */
  handle(message: Uint8Array<ArrayBuffer>): boolean {
    const frame = this.#assembler.add(message)
    if (!frame) return false
    const body = frame.isDeflated
      ? inflateRawSync(frame.body, { maxOutputLength: TILES_BODY_MAX_BYTES })
      : Uint8Array.from(frame.body)
    this.#picture = applyFrame(this.#picture, body).picture
    this.#frames++
    this.#acknowledge(encodeAck(frame.sequence))
    return true
  }
}
