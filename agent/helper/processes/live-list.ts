import type { Clock } from '../../links/clock.ts'
import { inParts } from '../in-parts.ts'
import type { ProcessesChange, ProcessesUpdate } from './processes.ts'

/** Looks again and again, and tells what a look gave. While it may not, it neither looks nor tells; then it begins anew, with the whole list. */
export class LiveList {
  readonly #clock: Clock
  readonly #everyMs: number
  #cancel: (() => void) | undefined
  #watch = 0

  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock
    this.#everyMs = everyMs
  }

  /** `begin` gives a look whose first answer is everything and whose later ones are what changed. */
  watch(
    begin: () => () => Promise<ProcessesChange>,
    tell: (update: ProcessesUpdate) => void,
    mayTell: () => boolean,
  ): void {
    this.stop()
    const watch = this.#watch
    let look: (() => Promise<ProcessesChange>) | undefined
    const round = async () => {
      const isFirst = !look
      if (mayTell()) look ??= begin()
      else look = undefined
      const change = await look?.()
      if (this.#watch !== watch) return
      // What was looked at and isn't told would be missing later.
      if (change && mayTell()) tellInParts(change, isFirst, tell)
      else look = undefined
      this.#cancel = this.#clock.setTimer(() => void round(), this.#everyMs)
    }
    void round()
  }

  /** Idempotent. */
  stop(): void {
    this.#watch++
    this.#cancel?.()
    this.#cancel = undefined
  }
}

function tellInParts(
  { rows, gone, machine }: ProcessesChange,
  isNew: boolean,
  tell: (update: ProcessesUpdate) => void,
): void {
  for (const [index, [part, isLast]] of inParts(rows).entries())
    tell({ isFirst: isNew && index === 0, isLast, rows: part, gone: isLast ? gone.slice(0, 1000) : [], machine })
}
