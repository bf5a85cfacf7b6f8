/**
 * Says when the next frame is due. A frame that comes a little late doesn't delay the ones after it, so the rate that was asked for is reached on average
 * and never exceeded; two frames are at least half an interval apart. After a pause the next frame is due at once. Times are milliseconds on the monotonic clock.
 */
export class FramePacer {
  readonly #intervalMs: number
  #dueAtMs = 0

  constructor(framesPerSecond: number) {
    if (!(framesPerSecond > 0)) throw new RangeError('maxFramesPerSecond must be above 0')
    this.#intervalMs = 1000 / framesPerSecond
  }

  /** 0 when a frame may be taken now. */
  waitMs(nowMs: number): number {
    return Math.max(this.#dueAtMs - nowMs, 0)
  }

  take(nowMs: number): void {
    this.#dueAtMs = Math.max(this.#dueAtMs + this.#intervalMs, nowMs + this.#intervalMs / 2)
  }
}
