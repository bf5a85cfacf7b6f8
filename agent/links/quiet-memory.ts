import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Clock } from './clock.ts'

/** Long enough for what a message sets going to be over. */
const QUIET_AFTER_MS = 5_000
/** Grown by less since the last time, there is little to get. */
const WORTHWHILE_BYTES = 4 * 1024 * 1024

interface Memory {
  /** Bytes that this process holds, used or not. */
  heldBytes(): number
  /** Collects everything and gives free pages back to the system; some 30 ms. */
  shrink(): void
}

/** Makes this process small again when it has had nothing to do for a while: on every device it waits nearly all of the time. */
export class QuietMemory {
  readonly #clock: Pick<Clock, 'setTimer' | 'monotonicMs'>
  readonly #memory: Memory
  #stirredAtMs = 0
  #isWaiting = false
  /** What was held after the last time. */
  #leastBytes = 0

  constructor(clock: Pick<Clock, 'setTimer' | 'monotonicMs'>, memory: Memory = ownMemory()) {
    this.#clock = clock
    this.#memory = memory
  }

  /** Something happens: quiet begins anew. Cheap, for every frame. */
  stir(): void {
    this.#stirredAtMs = this.#clock.monotonicMs()
    if (!this.#isWaiting) this.#wait(QUIET_AFTER_MS)
  }

  /** Everything is loaded, and what comes next somebody waits for: collecting now is not collecting then. */
  settle(): void {
    this.#shrink()
  }

  #wait(delayMs: number): void {
    this.#isWaiting = true
    this.#clock.setTimer(() => {
      this.#isWaiting = false
      const leftMs = this.#stirredAtMs + QUIET_AFTER_MS - this.#clock.monotonicMs()
      if (leftMs > 0) this.#wait(leftMs)
      else this.#shrink()
    }, delayMs)
  }

  #shrink(): void {
    if (this.#memory.heldBytes() < this.#leastBytes + WORTHWHILE_BYTES) return
    this.#memory.shrink()
    this.#leastBytes = this.#memory.heldBytes()
  }
}

function ownMemory(): Memory {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  return {
    heldBytes: () => process.memoryUsage.rss(),
    shrink: () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
  }
}
