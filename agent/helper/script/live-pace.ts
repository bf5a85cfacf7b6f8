import type { Clock } from '../../links/clock.ts'

/** What a script prints first is told at once, for a person who waits for it … */
const FIRST_MS = 300
/** … and then no more often than this: two hundred devices may tell one relay, which writes each of it down. */
const EVERY_MS = 2_000

/** Calls `tell` a little after `soon`, however often that is said, and never twice within two seconds. */
export class LivePace {
  readonly #clock: Pick<Clock, 'setTimer' | 'monotonicMs'>
  readonly #tell: () => void
  #cancel: (() => void) | undefined
  #toldAtMs = Number.NEGATIVE_INFINITY

  constructor(clock: Pick<Clock, 'setTimer' | 'monotonicMs'>, tell: () => void) {
    this.#clock = clock
    this.#tell = tell
  }

  soon(): void {
    const waitMs = Math.max(FIRST_MS, this.#toldAtMs + EVERY_MS - this.#clock.monotonicMs())
    this.#cancel ??= this.#clock.setTimer(() => {
      this.#cancel = undefined
      this.#toldAtMs = this.#clock.monotonicMs()
      this.#tell()
    }, waitMs)
  }

  /** Nothing is told after it. */
  stop(): void {
    this.#cancel?.()
  }
}
