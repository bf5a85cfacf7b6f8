import type { Clock } from '../../links/clock.ts'
import type { Display, ScreenFrame, ScreenSource } from '../../platform/platform.ts'
import type { VideoFrame, VideoSource } from '../peer/native.ts'
import type { EncoderStats } from '../peer/peer.ts'
import { I420Converter } from './i420.ts'
import { EncoderPace, FRAMES_PER_SECOND_MAX, REFRESH_AFTER_MS } from './pace.ts'

/** How often the encoder is asked what it took and whether the other side wants a keyframe. */
const STATS_INTERVAL_MS = 1_000

/**
 * A receiver asks for a keyframe whenever three seconds pass without a picture, and stops only after five without a packet:
 * answering each time would keep a still screen encoding for ever.
 */
const KEY_FRAMES_WHILE_STILL = 2

export interface ScreenStreamOptions {
  readonly screen: ScreenSource
  readonly video: VideoSource
  readonly clock: Clock
  readonly stats: () => Promise<EncoderStats | undefined>
  /** The first picture of a run has left. */
  readonly onLive: () => void
  /** The display can't be captured any more; the stream has stopped. */
  readonly onFailed: (thrown: unknown) => void
}

/**
 * Pictures of one display into one video track while `run` is asked for; nothing is captured, sent or timed otherwise.
 * A still screen costs a few refresh frames after its last change and then nothing but one look at the encoder's counters each second:
 * libwebrtc answers a keyframe request only with its next frame, so somebody has to give it one.
 */
export class ScreenStream {
  readonly #options: ScreenStreamOptions
  /** A run's own, because damage is counted from the run's first frame. */
  #converter = new I420Converter()
  readonly #pace = new EncoderPace()
  #capture: AbortController | undefined
  #display: Display | undefined
  #lastPicture: VideoFrame | undefined
  #keyFrameRequests = 0
  #keyFramesLeft = KEY_FRAMES_WHILE_STILL
  #cancelRefresh: (() => void) | undefined
  #cancelStats: (() => void) | undefined

  constructor(options: ScreenStreamOptions) {
    this.#options = options
  }

  /** Captures `display`; `undefined` stops. What already runs on the same display goes on. */
  run(display: Display | undefined): void {
    if (display?.id === this.#display?.id) return
    this.stop()
    if (!display) return
    this.#display = display
    const capture = new AbortController()
    this.#capture = capture
    this.#converter = new I420Converter()
    this.#watchEncoder()
    const options = { displayId: display.id, maxFramesPerSecond: FRAMES_PER_SECOND_MAX, signal: capture.signal }
    this.#options.screen
      .capture(options, frame => this.#handleFrame(frame, capture.signal))
      .catch(thrown => {
        if (capture.signal.aborted) return
        this.stop()
        this.#options.onFailed(thrown)
      })
  }

  /** Idempotent. No frame leaves after it returned. */
  stop(): void {
    this.#capture?.abort()
    this.#capture = undefined
    this.#display = undefined
    this.#lastPicture = undefined
    this.#cancelRefresh?.()
    this.#cancelStats?.()
  }

  async #handleFrame(frame: ScreenFrame, signal: AbortSignal): Promise<void> {
    if (signal.aborted || frame.width < 2 || frame.height < 2) return
    const { clock, video } = this.#options
    const startedAtMs = clock.monotonicMs()
    const isFirst = this.#lastPicture === undefined
    this.#lastPicture = this.#converter.convert(frame)
    video.onFrame(this.#lastPicture)
    if (isFirst) this.#options.onLive()
    this.#keyFramesLeft = KEY_FRAMES_WHILE_STILL
    this.#scheduleRefresh(0)
    // The source drops what comes while this waits, and gives the newest picture next.
    const restMs = this.#pace.intervalMs - (clock.monotonicMs() - startedAtMs)
    if (restMs > 1) await this.#wait(restMs, signal)
  }

  #wait(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const cancel = this.#options.clock.setTimer(done, delayMs)
      signal.addEventListener('abort', done, { once: true })
      function done() {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
    })
  }

  #scheduleRefresh(index: number): void {
    this.#cancelRefresh?.()
    const atMs = REFRESH_AFTER_MS[index]
    if (atMs === undefined) return
    this.#cancelRefresh = this.#options.clock.setTimer(
      () => {
        this.#sendAgain()
        this.#scheduleRefresh(index + 1)
      },
      atMs - (REFRESH_AFTER_MS[index - 1] ?? 0),
    )
  }

  #sendAgain(): void {
    if (this.#lastPicture) this.#options.video.onFrame(this.#lastPicture)
  }

  #watchEncoder(): void {
    this.#cancelStats = this.#options.clock.setTimer(async () => {
      const display = this.#display
      const stats = await this.#options.stats().catch(() => undefined)
      if (!display || display !== this.#display) return
      if (stats) this.#handleStats(stats)
      this.#watchEncoder()
    }, STATS_INTERVAL_MS)
  }

  #handleStats(stats: EncoderStats): void {
    this.#pace.handleStats(stats)
    const isRequested = stats.keyFrameRequests > this.#keyFrameRequests
    this.#keyFrameRequests = stats.keyFrameRequests
    if (!isRequested || this.#keyFramesLeft === 0) return
    this.#keyFramesLeft--
    this.#sendAgain()
  }
}
