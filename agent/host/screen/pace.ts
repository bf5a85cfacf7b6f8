import { FRAMES_PER_SECOND_MAX } from './picture-limits.ts'

const FRAMES_PER_SECOND_START = 30
const FRAMES_PER_SECOND_MIN = 5

/**
 * The least time between two frames, from what the encoder really took. libwebrtc holds one frame while it encodes another;
 * a third only makes every later one older.
 */
export class EncoderPace {
  #intervalMs = 1000 / FRAMES_PER_SECOND_START
  #seen: { readonly framesEncoded: number; readonly totalEncodeTimeS: number } | undefined

  get intervalMs(): number {
    return this.#intervalMs
  }

  /** Totals of the encoder, as libwebrtc counts them. Answers what one frame took, where there was one since the last call. */
  handleStats(stats: { readonly framesEncoded: number; readonly totalEncodeTimeS: number }): number | undefined {
    const before = this.#seen ?? { framesEncoded: 0, totalEncodeTimeS: 0 }
    const frames = stats.framesEncoded - before.framesEncoded
    // Another encoder counts from nothing.
    if (frames < 0) this.#seen = undefined
    if (frames < 1) return undefined
    this.#seen = stats
    const encodeMs = ((stats.totalEncodeTimeS - before.totalEncodeTimeS) * 1000) / frames
    // A fifth of slack: the encoder shares its cores with what it shows.
    const wantedMs = encodeMs * 1.2
    const smoothedMs = this.#intervalMs * 0.5 + wantedMs * 0.5
    this.#intervalMs = Math.min(1000 / FRAMES_PER_SECOND_MIN, Math.max(1000 / FRAMES_PER_SECOND_MAX, smoothedMs))
    return encodeMs
  }
}
