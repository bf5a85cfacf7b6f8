import { HandholdError } from '#protocol/errors.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import type { Clock } from '../links/clock.ts'

/** What is typed this long after a row is part of it: as long as a right that was taken may still be effective. */
const COVERED_MS = 2_000
/** Whoever types on doesn't wait for the next row. */
const RENEW_AFTER_MS = 1_000
/** What was refused is refused so long without asking again: the audit of a device isn't for keys that nobody takes. */
const REFUSED_MS = 1_000
/** Messages that wait for a row; each is one key or a piece of a paste. */
const WAITING_MAX = 1_000

/**
 * Where the policy wants a row for whatever is done, keys reach a terminal only while the audit has a row, younger than two seconds, that says that somebody
 * types there. The first key after a pause waits for it; where it can't be kept, no key arrives.
 */
export class TypingRows {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #report: (tool: Tool, recording: string) => Promise<void>
  readonly #kept = new Map<string, number>()
  readonly #refused = new Map<string, { readonly atMs: number; readonly why: unknown }>()
  readonly #coming = new Map<string, Promise<void>>()
  #waiting = 0

  constructor(clock: Pick<Clock, 'monotonicMs'>, report: (tool: Tool, recording: string) => Promise<void>) {
    this.#clock = clock
    this.#report = report
  }

  /** Resolves when what is typed now has its row. Rejects with why it can't have one, and with `rate-limited`. */
  async require(tool: Tool, recording: string): Promise<void> {
    const ageMs = this.#clock.monotonicMs() - (this.#kept.get(recording) ?? Number.NEGATIVE_INFINITY)
    if (ageMs <= COVERED_MS) {
      if (ageMs > RENEW_AFTER_MS) this.#row(tool, recording).catch(() => undefined)
      return
    }
    const refused = this.#refused.get(recording)
    if (refused && this.#clock.monotonicMs() - refused.atMs < REFUSED_MS) throw refused.why
    if (this.#waiting >= WAITING_MAX)
      throw new HandholdError('rate-limited', 'Too much waits for the audit. Paste less at once.')
    this.#waiting++
    try {
      await this.#row(tool, recording)
    } finally {
      this.#waiting--
    }
  }

  /** One at a time for each terminal. */
  #row(tool: Tool, recording: string): Promise<void> {
    const coming = this.#coming.get(recording)
    if (coming) return coming
    const atMs = this.#clock.monotonicMs()
    const row = this.#report(tool, recording)
      .then(() => void this.#kept.set(recording, atMs))
      .catch(why => {
        this.#refused.set(recording, { atMs: this.#clock.monotonicMs(), why })
        throw why
      })
      .finally(() => this.#coming.delete(recording))
    this.#coming.set(recording, row)
    return row
  }
}
