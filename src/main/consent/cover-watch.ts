/** A menu or a hint in front for a moment is no reason to stop a session. */
const COVERED_AFTER_MS = 2_000

/** Whether the window has been covered for longer than by chance. */
export class CoverWatch {
  readonly #tell: (isCovered: boolean) => void
  #timer: NodeJS.Timeout | undefined
  #isTold = false

  constructor(tell: (isCovered: boolean) => void) {
    this.#tell = tell
  }

  see(isCovered: boolean): void {
    if (!isCovered) {
      this.close()
      this.#say(false)
    } else this.#timer ??= setTimeout(() => this.#say(true), COVERED_AFTER_MS)
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #say(isCovered: boolean): void {
    if (this.#isTold === isCovered) return
    this.#isTold = isCovered
    this.#tell(isCovered)
  }
}
