import type { Clock } from '../../links/clock.ts'
import type { Surface } from '../../pixels/surface.ts'
import type { Rect } from '../../platform/platform.ts'
import type { VideoSource } from '../peer/native.ts'
import type { EncoderStats } from '../peer/peer.ts'
import { MotionPicture } from './motion-picture.ts'
import { EncoderPace } from './pace.ts'

/** How often the encoder is asked what it took. */
const STATS_INTERVAL_MS = 500

export interface VideoSenderOptions {
  readonly video: VideoSource
  readonly clock: Clock
  readonly stats: () => Promise<EncoderStats | undefined>
}

/** Frames of one motion into the video track, no faster than the encoder takes them. Nothing of it runs between two motions. */
export class VideoSender {
  readonly #options: VideoSenderOptions
  readonly #pace = new EncoderPace()
  #picture: MotionPicture | undefined
  #epoch = 0
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
  start(surface: Surface): void {
    this.#epoch = (this.#epoch + 1) & 0xff
    this.#picture = new MotionPicture(surface)
    this.#watchEncoder()
  }

  send(damage: readonly Rect[]): void {
    if (!this.#picture) return
    this.#picture.update(damage)
    this.#options.video.onFrame(this.#picture.stamped(this.#epoch))
  }

  /** Idempotent. No frame leaves after it returned. */
  stop(): void {
    this.#picture = undefined
    this.#cancelStats?.()
    this.#cancelStats = undefined
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
