import type { Picture } from '#protocol/peer/tiles/picture.ts'
import { type MotionPicture, MotionPictures } from './motion-picture.ts'
import { stampOf } from './stamp-reader.ts'

export interface MotionReaderOptions {
  /** The screen that the video belongs to, now. */
  readonly picture: () => Picture | undefined
  /** The frame of this number came, and could be decoded, whether or not it belongs on the canvas. */
  readonly onSeen: (frameNumber: number) => void
  /** To draw, and the callee's from here on. */
  readonly onPicture: (picture: MotionPicture) => void
}

/** Of the video's frames, those that belong on the canvas now. Every other one is closed as it comes; an open frame holds up the decoder. */
export class MotionReader {
  readonly #options: MotionReaderOptions
  readonly #pictures = new MotionPictures()
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
      const picture = await this.#read(frame).catch(() => undefined)
      if (picture) this.#options.onPicture(picture)
      else frame.close()
    }
    this.#isBusy = false
  }

  #take(): VideoFrame | undefined {
    const frame = this.#waiting
    this.#waiting = undefined
    return frame
  }

  /** Undefined for a frame that doesn't belong on the canvas now. */
  async #read(frame: VideoFrame): Promise<MotionPicture | undefined> {
    const { picture, onSeen } = this.#options
    const screen = picture()
    if (!screen) return undefined
    const stamp = await stampOf(frame, screen.height)
    if (!stamp) return undefined
    onSeen(stamp.frameNumber)
    // Asked after each wait: the agent may have gone back to tiles, or on to another size.
    const isCurrent = () => picture()?.pixels === screen.pixels && picture()?.epoch === stamp.epoch
    if (!isCurrent()) return undefined
    const made = await this.#pictures.make(frame, screen)
    if (isCurrent()) return made
    made.close()
    return undefined
  }
}
