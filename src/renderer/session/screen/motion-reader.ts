import type { Picture } from '#protocol/peer/tiles/picture.ts'
import { stampOf } from './stamp-reader.ts'

export interface MotionReaderOptions {
  /** The screen that the video belongs to, now. */
  readonly picture: () => Picture | undefined
  /** A frame to draw, which is the callee's from here on. */
  readonly onFrame: (frame: VideoFrame) => void
}

/** Of the video's frames, those that belong on the canvas now. Every other one is closed as it comes; an open frame holds up the decoder. */
export class MotionReader {
  readonly #options: MotionReaderOptions
  #isBusy = false
  #waiting: VideoFrame | undefined

  constructor(options: MotionReaderOptions) {
    this.#options = options
  }

  /** Until the stream ends. */
  async read(frames: ReadableStream<VideoFrame>): Promise<void> {
    const reader = frames.getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) this.handleFrame(next.value)
  }

  /** The frame is the reader's from here on. Of those that come while a stamp is read only the newest is looked at. */
  handleFrame(frame: VideoFrame): void {
    this.#waiting?.close()
    this.#waiting = frame
    if (!this.#isBusy) void this.#work()
  }

  async #work(): Promise<void> {
    this.#isBusy = true
    for (let frame = this.#take(); frame; frame = this.#take()) {
      if (await this.#belongs(frame).catch(() => false)) this.#options.onFrame(frame)
      else frame.close()
    }
    this.#isBusy = false
  }

  #take(): VideoFrame | undefined {
    const frame = this.#waiting
    this.#waiting = undefined
    return frame
  }

  async #belongs(frame: VideoFrame): Promise<boolean> {
    const { picture } = this.#options
    const screen = picture()
    if (screen?.epoch === undefined) return false
    const stamp = await stampOf(frame, screen.height)
    // Asked again: the agent may have gone back to tiles meanwhile.
    return stamp !== undefined && stamp.epoch === picture()?.epoch
  }
}
