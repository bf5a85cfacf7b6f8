/** Applies calls in their order. Those that take no time are applied at once, unless one that takes time is still running. */
export class OrderedCalls {
  readonly #waiting: (() => void | Promise<void>)[] = []
  #running: Promise<void> | undefined

  add(call: () => void | Promise<void>): void {
    if (this.#running) {
      this.#waiting.push(call)
      return
    }
    const done = call()
    if (done) this.#running = this.#finish(done)
  }

  /** Resolves when nothing runs or waits. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #finish(first: Promise<void>): Promise<void> {
    await first
    for (let call = this.#waiting.shift(); call; call = this.#waiting.shift()) await call()
    this.#running = undefined
  }
}
