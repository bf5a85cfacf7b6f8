/** A list that didn't move for this long is read. */
const STILL_AFTER_MS = 150

/** Holds what would change a list back while it is scrolled: rows that jump can't be followed, and each change costs frames. Only the newest is kept. */
export class WhenStill {
  #stillAtMs = 0
  #held: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  /** It is scrolled. */
  moved(): void {
    this.#stillAtMs = performance.now() + STILL_AFTER_MS
  }

  /** Now, or as soon as nothing moves. */
  run(change: () => void): void {
    this.#held = change
    this.#settle()
  }

  /** What is held is never run. Idempotent. */
  close(): void {
    clearTimeout(this.#timer)
    this.#held = undefined
  }

  #settle(): void {
    clearTimeout(this.#timer)
    const leftMs = this.#stillAtMs - performance.now()
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.#settle(), leftMs)
      return
    }
    this.#held?.()
    this.#held = undefined
  }
}
