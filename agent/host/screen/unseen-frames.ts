/** Of an operator that says nothing, no more than these are remembered. */
const UNSEEN_MAX = 256
const FRAME_NUMBERS = 0x1_0000

interface SentFrame {
  readonly frameNumber: number
  readonly sentAtMs: number
}

/** The frames of the video that the operator's side hasn't decoded yet, as far as it says so. Times are monotonic milliseconds. */
export class UnseenFrames {
  /** Oldest first. */
  readonly #frames: SentFrame[] = []
  #frameNumber = 0

  /** What was sent before counts no more. */
  forget(): void {
    this.#frames.length = 0
  }

  /** A frame leaves. Returns its number, 0..65535. */
  handleSent(nowMs: number): number {
    this.#frameNumber = (this.#frameNumber + 1) % FRAME_NUMBERS
    this.#frames.push({ frameNumber: this.#frameNumber, sentAtMs: nowMs })
    if (this.#frames.length > UNSEEN_MAX) this.#frames.shift()
    return this.#frameNumber
  }

  /** This frame is decoded at the other side, and so is what was sent before it, or never will be. Returns how long it took; undefined for one that isn't on its way. */
  handleSeen(frameNumber: number, nowMs: number): number | undefined {
    const index = this.#frames.findIndex(frame => frame.frameNumber === frameNumber)
    const frame = this.#frames[index]
    if (!frame) return undefined
    this.#frames.splice(0, index + 1)
    return nowMs - frame.sentAtMs
  }

  /** How long the oldest frame on its way has been there; 0 where there is none. */
  oldestAgeMs(nowMs: number): number {
    return this.#frames[0] ? nowMs - this.#frames[0].sentAtMs : 0
  }
}
