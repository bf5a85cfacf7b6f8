/** The last output of a terminal, in as many bytes as it was made with. */
export class Past {
  readonly #maxBytes: number
  #chunks: Uint8Array[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    let first = 0
    while (this.#bytes > this.#maxBytes && first < this.#chunks.length - 1) {
      this.#bytes -= this.#chunks[first]?.length ?? 0
      first++
    }
    if (first > 0) this.#chunks = this.#chunks.slice(first)
  }

  get chunks(): readonly Uint8Array[] {
    return this.#chunks
  }

  /** At most so many bytes of its end. */
  last(maxBytes: number): Uint8Array {
    const end = Buffer.concat(this.#chunks.slice(-Math.ceil(maxBytes / 64)))
    return end.subarray(Math.max(0, end.length - maxBytes))
  }
}
