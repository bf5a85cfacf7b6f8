/** Who writes something else pauses for longer than that only when they look up. */
const REST_MS = 1_000

/** A question that takes the keyboard from somebody who is writing gets the rest of their word. Its keys answer nothing before a moment without any. */
export class KeysRest {
  #sinceMs: number
  #isOver = false

  constructor(monotonicMs: number) {
    this.#sinceMs = monotonicMs
  }

  /** A key came; false where it is one of those that were meant for something else. */
  takes(monotonicMs: number): boolean {
    if (this.isOver(monotonicMs)) return true
    this.#sinceMs = monotonicMs
    return false
  }

  /** Once over it stays so: keys that come then are meant for the question. */
  isOver(monotonicMs: number): boolean {
    this.#isOver ||= monotonicMs - this.#sinceMs >= REST_MS
    return this.#isOver
  }
}
