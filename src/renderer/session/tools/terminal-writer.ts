import { PlainOutput, startOfLastLines } from './plain-output.ts'

interface Piece {
  readonly bytes: Uint8Array
  readonly isPlain: boolean
}

export interface WriterOptions {
  readonly terminal: {
    write(bytes: Uint8Array, isDone: () => void): void
    reset(): void
  }
  /** Of the screen and of what can be scrolled back to. */
  readonly lines: () => number
  /** So many bytes need no room any more. */
  readonly onDrawn: (bytes: number) => void
}

/**
 * Writes a device's output into a terminal, one batch after the other. What comes meanwhile waits, and of that what would have been scrolled out for good before
 * anybody sees it is left out: a program that prints without end costs what can be looked at.
 */
export class TerminalWriter {
  readonly #options: WriterOptions
  readonly #plain = new PlainOutput()
  #waiting: Piece[] = []
  #isWriting = false
  #isResetting = false

  constructor(options: WriterOptions) {
    this.#options = options
  }

  write(bytes: Uint8Array): void {
    this.#waiting.push({ bytes, isPlain: this.#plain.take(bytes) })
    this.#next()
  }

  /** What comes after this begins on an empty screen. What waited isn't drawn any more, nor told as drawn: nobody counts it. */
  reset(): void {
    this.#waiting = []
    this.#plain.reset()
    this.#isResetting = true
    this.#next()
  }

  #next(): void {
    if (this.#isWriting) return
    const { terminal, onDrawn } = this.#options
    if (this.#isResetting) terminal.reset()
    this.#isResetting = false
    const batch = this.#withoutUnseen(this.#waiting)
    this.#waiting = []
    this.#isWriting = batch.length > 0
    let left = batch.length
    for (const bytes of batch)
      terminal.write(bytes, () => {
        if (!this.#isResetting) onDrawn(bytes.length)
        if (--left > 0) return
        this.#isWriting = false
        this.#next()
      })
  }

  /** Without the lines that as many others follow as are kept. Before them everything is written: it may say how they look. */
  #withoutUnseen(pieces: readonly Piece[]): Uint8Array[] {
    const first = pieces.findLastIndex(({ isPlain }) => !isPlain) + 1
    const plain = joined(pieces.slice(first))
    const start = startOfLastLines(plain, this.#options.lines())
    if (start === 0) return pieces.map(({ bytes }) => bytes)
    this.#options.onDrawn(start)
    return [...pieces.slice(0, first).map(({ bytes }) => bytes), plain.subarray(start)]
  }
}

function joined(pieces: readonly Piece[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { bytes }) => sum + bytes.length, 0))
  let at = 0
  for (const { bytes } of pieces) {
    all.set(bytes, at)
    at += bytes.length
  }
  return all
}
