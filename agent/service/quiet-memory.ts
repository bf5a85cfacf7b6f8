import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Clock } from '../links/clock.ts'

/** Long enough for what a message sets going to be over. */
const QUIET_AFTER_MS = 5_000
/** V8 keeps the pages that it once needed, twice what is in use after the start; below this there is little to get. */
const WORTHWHILE_BYTES = 14 * 1024 * 1024

interface Heap {
  /** Bytes that the heap holds, used or not. */
  heldBytes(): number
  /** Collects everything and gives free pages back to the system; some 30 ms. */
  shrink(): void
}

/** Makes the service small again when it has had nothing to do for a while: it waits nearly all of the time, on every device. */
export class QuietMemory {
  readonly #clock: Pick<Clock, 'setTimer'>
  readonly #heap: Heap
  #cancel: (() => void) | undefined

  constructor(clock: Pick<Clock, 'setTimer'>, heap: Heap = ownHeap()) {
    this.#clock = clock
    this.#heap = heap
  }

  /** Something happens: quiet begins anew. */
  stir(): void {
    this.#cancel?.()
    this.#cancel = this.#clock.setTimer(() => {
      if (this.#heap.heldBytes() > WORTHWHILE_BYTES) this.#heap.shrink()
    }, QUIET_AFTER_MS)
  }
}

function ownHeap(): Heap {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: object) => void
  return {
    heldBytes: () => process.memoryUsage().heapTotal,
    shrink: () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' }),
  }
}
