import { HandholdError } from '#protocol/errors.ts'

/** Lets so many run at once and so many wait; the rest is refused with `rate-limited` before any work is done. */
export class Gate {
  readonly #atOnce: number
  readonly #waitingMax: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(atOnce: number, waitingMax: number) {
    this.#atOnce = atOnce
    this.#waitingMax = waitingMax
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running++
    else await this.#wait()
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      // The place is handed on, so nobody who comes in between can take it.
      if (next) next()
      else this.#running--
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#waitingMax)
      throw new HandholdError('rate-limited', 'Too many people sign in at this moment. Try again in a few seconds.')
    return new Promise(resolve => this.#waiting.push(resolve))
  }
}
