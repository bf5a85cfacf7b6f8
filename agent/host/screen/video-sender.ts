import type { Clock } from '../../links/clock.ts'
import type { Surface } from '../../pixels/surface.ts'
import type { Rect } from '../../platform/platform.ts'
import type { VideoCodec } from '../peer/sdp.ts'
import { BITRATE_HINTS, type VideoLink } from '../peer/video-link.ts'
import { CodecChoice } from './codec-choice.ts'
import { MotionPicture } from './motion-picture.ts'
import { EncoderPace } from './pace.ts'
import { UnseenFrames } from './unseen-frames.ts'
import { halvingsFor } from './video-size.ts'

/** How often the encoder is asked what it took. */
const STATS_INTERVAL_MS = 500

/** What is left of a link for the video's other packets, and for what was measured wrongly. */
const SHARE_OF_LINK = 0.8
/** After this long without a motion the video's connection is given back; the next motion waits for another one, and shows tiles until it is there. */
const RELEASE_AFTER_MS = 5_000
/** A limit that changed less than this isn't worth a new encoder. */
const SAME_LIMIT = 0.25

export interface VideoSenderOptions {
  readonly link: Pick<VideoLink, 'source' | 'request' | 'codecs' | 'tune' | 'encoderStats' | 'release'>
  readonly clock: Clock
}

export interface MotionLimits {
  readonly maxKbps: number
  /** Of the video's sides. */
  readonly scale: number
  /** What the link was measured to carry; undefined where it was never full. */
  readonly linkKbps: number | undefined
}

/** Frames of one motion into the video track, no faster than the encoder takes them. Nothing of it runs between two motions. */
export class VideoSender {
  readonly #options: VideoSenderOptions
  readonly #pace = new EncoderPace()
  readonly #unseen = new UnseenFrames()
  #picture: MotionPicture | undefined
  #epoch = 0
  readonly #codecs = new CodecChoice()
  #codec: VideoCodec = 'VP8'
  #maxKbps = BITRATE_HINTS.maxKbps
  #targetKbps: number | undefined
  #cancelStats: (() => void) | undefined
  #cancelRelease: (() => void) | undefined

  constructor(options: VideoSenderOptions) {
    this.#options = options
  }

  /** Whether a motion can start. Asks the other side for video where it wasn't yet. */
  prepare(): boolean {
    this.#options.link.request()
    // What is in use is given back when it ends.
    if (!this.#picture) this.#releaseLater()
    return this.isReady
  }

  /** Whether frames can leave. */
  get isReady(): boolean {
    return this.#options.link.source !== undefined
  }

  /** What the encoder needs for one frame; more frequent ones only wait. */
  get intervalMs(): number {
    return this.#pace.intervalMs
  }

  /** Of the last motion. */
  get codec(): VideoCodec {
    return this.#codec
  }

  /** What the encoder aims at in the motion that goes on; undefined before it told. */
  get targetKbps(): number | undefined {
    return this.#targetKbps
  }

  /** Of the motion that goes on, or of the last one. */
  get epoch(): number {
    return this.#epoch
  }

  /** Another motion begins, with the surface as it is. */
  start(surface: Surface, limits: MotionLimits): void {
    this.#cancelRelease?.()
    this.nextEpoch()
    this.#unseen.forget()
    const linkKbps = limits.linkKbps === undefined ? Number.POSITIVE_INFINITY : limits.linkKbps * SHARE_OF_LINK
    const maxKbps = Math.round(Math.min(limits.maxKbps, linkKbps))
    this.#picture = new MotionPicture(surface, halvingsFor(surface, maxKbps, limits.scale))
    this.#tune(maxKbps, this.#picture.pixels)
    this.#watchEncoder()
  }

  /** The frames from here on can be told from those before, which may still be on their way. */
  nextEpoch(): void {
    this.#epoch = (this.#epoch + 1) & 0xff
  }

  send(damage: readonly Rect[]): void {
    if (!this.#picture) return
    if (damage.length > 0) this.#picture.update(damage)
    const frameNumber = this.#unseen.handleSent(this.#options.clock.monotonicMs())
    this.#options.link.source?.onFrame(this.#picture.stamped({ epoch: this.#epoch, frameNumber }))
  }

  /** The operator's side has decoded this frame. Returns how long that took; undefined for one that isn't on its way. */
  handleSeen(frameNumber: number): number | undefined {
    return this.#unseen.handleSeen(frameNumber, this.#options.clock.monotonicMs())
  }

  /** How long the operator's side hasn't decoded what was sent; 0 where it has decoded all. */
  get oldestAgeMs(): number {
    return this.#unseen.oldestAgeMs(this.#options.clock.monotonicMs())
  }

  /** Idempotent. No frame leaves after it returned. */
  stop(): void {
    if (this.#picture) this.#releaseLater()
    this.#picture = undefined
    this.#targetKbps = undefined
    this.#cancelStats?.()
    this.#cancelStats = undefined
  }

  #tune(maxKbps: number, pixels: number): void {
    const { link } = this.#options
    const codec = this.#codecs.pick(link.codecs, pixels, maxKbps) ?? this.#codec
    const isSameLimit = Math.abs(maxKbps - this.#maxKbps) < this.#maxKbps * SAME_LIMIT
    if (codec === this.#codec && isSameLimit) return
    this.#codec = codec
    this.#maxKbps = maxKbps
    const hints = { startKbps: Math.min(maxKbps, BITRATE_HINTS.startKbps), maxKbps }
    // What can't be set leaves the encoder to libwebrtc's own estimate.
    link.tune(codec, hints).catch(() => undefined)
  }

  #releaseLater(): void {
    const { clock, link } = this.#options
    this.#cancelRelease?.()
    this.#cancelRelease = clock.setTimer(() => link.release(), RELEASE_AFTER_MS)
  }

  #watchEncoder(): void {
    this.#cancelStats?.()
    this.#cancelStats = this.#options.clock.setTimer(async () => {
      const stats = await this.#options.link.encoderStats().catch(() => undefined)
      if (!this.#picture) return
      this.#targetKbps = stats?.targetKbps || undefined
      const encodeMs = stats && this.#pace.handleStats(stats)
      if (encodeMs !== undefined) this.#codecs.handleMeasured(this.#codec, encodeMs, this.#picture.pixels)
      this.#watchEncoder()
    }, STATS_INTERVAL_MS)
  }
}
