import type { Clock } from '../links/clock.ts'
import type { Desktop } from '../platform/platform.ts'

const INTERVAL_MS = 5_000

/** Knows whether a desktop's displays are asleep while somebody looks at them, and asks nothing otherwise. */
export class SleepWatch {
  readonly #clock: Clock
  readonly #onChange: () => void
  #desktop: Desktop | undefined
  #cancel: (() => void) | undefined
  #isAsleep = false

  constructor(clock: Clock, onChange: () => void) {
    this.#clock = clock
    this.#onChange = onChange
  }

  /** What was answered last; false while nobody looks. */
  get isAsleep(): boolean {
    return this.#isAsleep
  }

  /** Asks about `desktop` from now on, undefined: about none. The same one again changes nothing. */
  watch(desktop: Desktop | undefined): void {
    if (desktop === this.#desktop) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#desktop = desktop
    if (desktop) void this.#ask(desktop)
    else this.#set(false)
  }

  async #ask(desktop: Desktop): Promise<void> {
    // A desktop that is lost is told by itself.
    const isAsleep = await desktop.isAsleep().catch(() => false)
    if (this.#desktop !== desktop) return
    this.#set(isAsleep)
    this.#cancel = this.#clock.setTimer(() => void this.#ask(desktop), INTERVAL_MS)
  }

  #set(isAsleep: boolean): void {
    if (isAsleep === this.#isAsleep) return
    this.#isAsleep = isAsleep
    this.#onChange()
  }
}
