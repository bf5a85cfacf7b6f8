/** An acknowledgement for this much, so that they are few and the device's window never runs dry. */
const AT_ONCE_BYTES = 48 * 1024
const AT_LATEST_MS = 40

/** Gathers what was drawn into few acknowledgements. */
export class DrawnCounter {
  readonly #tell: (bytes: number) => void
  #bytes = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(tell: (bytes: number) => void) {
    this.#tell = tell
  }

  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes >= AT_ONCE_BYTES) this.flush()
    else this.#timer ??= setTimeout(() => this.flush(), AT_LATEST_MS)
  }

  /** Also the end: safe at any time. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#bytes > 0) this.#tell(this.#bytes)
    this.#bytes = 0
  }
}
