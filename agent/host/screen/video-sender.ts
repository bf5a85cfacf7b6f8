import type { Clock } from '../../links/clock.ts'
import type { Surface } from '../../pixels/surface.ts'
import type { Rect } from '../../platform/platform.ts'
import type { VideoSource } from '../peer/native.ts'
import { BITRATE_HINTS, type EncoderStats } from '../peer/peer.ts'
import type { BitrateHints } from '../peer/sdp.ts'
import { MotionPicture } from './motion-picture.ts'
import { EncoderPace } from './pace.ts'
import { halvingsFor } from './video-size.ts'

/** How often the encoder is asked what it took. */
const STATS_INTERVAL_MS = 500

/** What is left of a link for the video's other packets, and for what was measured wrongly. */
const SHARE_OF_LINK = 0.8
/** A limit that changed less than this isn't worth a new encoder. */
const SAME_LIMIT = 0.25

export interface VideoSenderOptions {
  readonly video: VideoSource
  readonly clock: Clock
  readonly stats: () => Promise<EncoderStats | undefined>
  readonly limit: (hints: BitrateHints) => Promise<void>
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
  #picture: MotionPicture | undefined
  #epoch = 0
  #maxKbps = BITRATE_HINTS.maxKbps
  #cancelStats: (() => void) | undefined

  constructor(options: VideoSenderOptions) {
    this.#options = options
  }

  /** What the encoder needs for one frame; more frequent ones only wait. */
  get intervalMs(): number {
    return this.#pace.intervalMs
  }

  /** Of the motion that goes on, or of the last one. */
  get epoch(): number {
    return this.#epoch
  }

  /** Another motion begins, with the surface as it is. */
  start(surface: Surface, limits: MotionLimits): void {
    this.#epoch = (this.#epoch + 1) & 0xff
    const linkKbps = limits.linkKbps === undefined ? Number.POSITIVE_INFINITY : limits.linkKbps * SHARE_OF_LINK
    const maxKbps = Math.round(Math.min(limits.maxKbps, linkKbps))
    this.#limit(maxKbps)
    this.#picture = new MotionPicture(surface, halvingsFor(surface, maxKbps, limits.scale))
    this.#watchEncoder()
  }

  send(damage: readonly Rect[]): void {
    if (!this.#picture) return
    if (damage.length > 0) this.#picture.update(damage)
    this.#options.video.onFrame(this.#picture.stamped(this.#epoch))
  }

  /** Idempotent. No frame leaves after it returned. */
  stop(): void {
    this.#picture = undefined
    this.#cancelStats?.()
    this.#cancelStats = undefined
  }

  #limit(maxKbps: number): void {
    const before = this.#maxKbps
    if (Math.abs(maxKbps - before) < before * SAME_LIMIT) return
    this.#maxKbps = maxKbps
    // A limit that can't be set leaves the encoder to libwebrtc's own estimate.
    this.#options.limit({ startKbps: Math.min(maxKbps, BITRATE_HINTS.startKbps), maxKbps }).catch(() => undefined)
  }

  #watchEncoder(): void {
    this.#cancelStats?.()
    this.#cancelStats = this.#options.clock.setTimer(async () => {
      const stats = await this.#options.stats().catch(() => undefined)
      if (!this.#picture) return
      if (stats) this.#pace.handleStats(stats)
      this.#watchEncoder()
    }, STATS_INTERVAL_MS)
  }
}
