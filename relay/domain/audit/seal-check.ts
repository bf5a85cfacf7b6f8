import { type AuditHead, MARK_LENGTH, markOf } from './statements.ts'

/** Holds the signed heads of one chain against its rows, as they come. */
export class SealCheck {
  readonly #heads: AuditHead[]
  readonly #marks = new Map<number, string>()
  #index = 0
  sealedTo = 0

  /** Heads of rows that a tombstone stands for can't be checked any more, except the one that ends where it does. */
  constructor(heads: readonly AuditHead[], start: number, startHash: string) {
    this.#heads = heads.filter(head => head.position > start).toSorted((a, b) => a.position - b.position)
    const isAgreed = heads.some(head => head.position === start && head.hash === startHash)
    if (isAgreed) this.sealedTo = start
  }

  /** The next row. Null, or the first position that isn't what a head has seen. */
  take(position: number, hash: string): number | null {
    this.#marks.set(position, markOf(hash))
    for (let head = this.#heads[this.#index]; head?.position === position; head = this.#heads[this.#index]) {
      if (head.hash !== hash) return this.#firstDifference(head)
      this.#index++
      this.sealedTo = position
    }
    // Heads of a chain that was forked overlap; what the next one covers is still needed.
    const keepAfter = Math.min(...this.#heads.slice(this.#index, this.#index + 8).map(head => head.after))
    if (this.sealedTo === position && keepAfter >= position) this.#marks.clear()
    return null
  }

  /** The first head that has seen rows after this position. */
  beyond(last: number): AuditHead | undefined {
    return this.#heads.find(head => head.position > last)
  }

  #firstDifference({ after, position, marks }: AuditHead): number {
    for (let at = after + 1; at <= position; at++) {
      const seen = marks.slice((at - after - 1) * MARK_LENGTH, (at - after) * MARK_LENGTH)
      const mark = this.#marks.get(at)
      if (mark !== undefined && mark !== seen) return at
    }
    return position
  }
}
