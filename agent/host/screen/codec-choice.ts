import type { VideoCodec } from '../peer/sdp.ts'

/** The one with the fewest bits for a picture first. */
const BY_BITS: readonly VideoCodec[] = ['AV1', 'VP9', 'VP8']

/** Until it was measured here, what an encoder takes compared with VP8 (libwebrtc M106 in software, a moving picture of 480 × 274: 2.5, 3.7 and 7.2 ms). */
const WORK_OF_VP8: Readonly<Record<VideoCodec, number>> = { AV1: 3, VP9: 1.5, VP8: 1 }

/** An encoder may take this long for a frame: half of the time between two at thirty a second, the rest is for what is shown. */
const ENCODE_MAX_MS = 16

/** From this rate on a link carries what VP8 makes of a screen, and the processor is the scarcer thing. */
const SCARCE_BELOW_KBPS = 4_000

/** Picks the codec of a motion: the fewest bits on a link that has few, as far as the processor keeps up, and VP8 elsewhere. */
export class CodecChoice {
  readonly #msPerPixel = new Map<VideoCodec, number>()

  /** `encodeMs` is what one frame of `pixels` took. */
  handleMeasured(codec: VideoCodec, encodeMs: number, pixels: number): void {
    const before = this.#msPerPixel.get(codec)
    const measured = encodeMs / pixels
    this.#msPerPixel.set(codec, before === undefined ? measured : before * 0.5 + measured * 0.5)
  }

  /** Of those that both sides have. */
  pick(available: readonly VideoCodec[], pixels: number, kbps: number): VideoCodec | undefined {
    if (kbps >= SCARCE_BELOW_KBPS && available.includes('VP8')) return 'VP8'
    const keepsUp = BY_BITS.filter(codec => available.includes(codec)).filter(
      codec => this.#expectedMs(codec, pixels) <= ENCODE_MAX_MS,
    )
    return keepsUp[0] ?? (available.includes('VP8') ? 'VP8' : available[0])
  }

  /** Unknown is too long: VP8 is tried first, and tells what the others would take. */
  #expectedMs(codec: VideoCodec, pixels: number): number {
    const own = this.#msPerPixel.get(codec)
    if (own !== undefined) return own * pixels
    const vp8 = this.#msPerPixel.get('VP8')
    return vp8 === undefined ? Number.POSITIVE_INFINITY : vp8 * WORK_OF_VP8[codec] * pixels
  }
}
