interface Timer {
  readonly atMs: number
  readonly run: () => void
}

/** A clock that stands still until a test moves it. Timers run in the order of their times, within `advance`. */
export class ManualClock {
  #nowMs: number
  readonly #timers = new Set<Timer>()

  /** Starts at the machine's time unless told otherwise: epoch milliseconds. */
  constructor(nowMs: number = Date.now()) {
    this.#nowMs = nowMs
  }

  readonly nowMs = (): number => this.#nowMs

  /** Runs `run` once, `delayMs` from now; the returned function takes it back and may be called at any time, twice included. */
  readonly setTimer = (run: () => void, delayMs: number): (() => void) => {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), run }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Moves time forward; timers that were set meanwhile run too when their time lies within. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs
    for (let next = this.#nextUntil(untilMs); next; next = this.#nextUntil(untilMs)) {
      this.#timers.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run()
    }
    this.#nowMs = untilMs
  }

  /** Moves the clock without running a timer: what a person who sets the clock does. */
  set(nowMs: number): void {
    this.#nowMs = nowMs
  }

  get pendingTimers(): number {
    return this.#timers.size
  }

  #nextUntil(untilMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.atMs <= untilMs && (!next || timer.atMs < next.atMs)) next = timer
    }
    return next
  }
}
