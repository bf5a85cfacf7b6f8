import { joinedBytes } from '../joined-bytes.ts'
import { PlainOutput, startOfLastLines } from './plain-output.ts'

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

/** Plain lines that wait are looked through for what nobody will see whenever there is this much more of them. */
const TRIM_BYTES = 64 * 1024
/** Where lines were left out the next ones are drawn this much later: nobody can read them, and the window has other things to draw. */
const FLOOD_PAUSE_MS = 50

/**
 * Writes a device's output into a terminal, one batch after the other. What comes meanwhile waits, and of that what would have been scrolled out for good before
 * anybody sees it is left out: a program that prints without end costs what can be looked at.
 */
export class TerminalWriter {
  readonly #options: WriterOptions
  readonly #plain = new PlainOutput()
  /** What may say how the lines after it look: all of it is written. */
  #waiting: Uint8Array[] = []
  /** What comes after that, in lines of text alone. */
  #lines: Uint8Array[] = []
  #linesBytes = 0
  #trimAtBytes = TRIM_BYTES
  #isFlooded = false
  #isWriting = false
  #isResetting = false
  #isClosed = false
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(options: WriterOptions) {
    this.#options = options
  }

  write(bytes: Uint8Array): void {
    if (this.#plain.take(bytes)) {
      this.#lines.push(bytes)
      this.#linesBytes += bytes.length
      if (this.#linesBytes >= this.#trimAtBytes) this.#trim()
    } else {
      this.#waiting.push(...this.#takeLines(), bytes)
    }
    this.#next()
  }

  /** What comes after this begins on an empty screen. What waited isn't drawn any more, nor told as drawn: nobody counts it. */
  reset(): void {
    this.#waiting = []
    this.#takeLines()
    this.#plain.reset()
    this.#isResetting = true
    this.#next()
  }

  /** Nothing is written any more. Idempotent. */
  close(): void {
    clearTimeout(this.#pause)
    this.#isClosed = true
  }

  #next(): void {
    if (this.#isWriting || this.#isClosed) return
    const { terminal, onDrawn } = this.#options
    if (this.#isResetting) terminal.reset()
    this.#isResetting = false
    this.#trim()
    const batch = [...this.#waiting, ...this.#takeLines()]
    this.#waiting = []
    this.#isWriting = batch.length > 0
    let left = batch.length
    for (const bytes of batch)
      terminal.write(bytes, () => {
        if (!this.#isResetting) onDrawn(bytes.length)
        if (--left === 0) this.#goOn()
      })
  }

  #goOn(): void {
    const goOn = () => {
      this.#isWriting = false
      this.#next()
    }
    if (this.#isFlooded) this.#pause = setTimeout(goOn, FLOOD_PAUSE_MS)
    else goOn()
    this.#isFlooded = false
  }

  /** Leaves the lines out that as many others follow as are kept. They count as drawn at once: more may come meanwhile. */
  #trim(): void {
    const lines = joinedBytes(this.#lines)
    const start = startOfLastLines(lines, this.#options.lines())
    this.#lines = lines.length === 0 ? [] : [lines.subarray(start)]
    this.#linesBytes = lines.length - start
    this.#trimAtBytes = this.#linesBytes + TRIM_BYTES
    if (start === 0) return
    this.#isFlooded = true
    this.#options.onDrawn(start)
  }

  #takeLines(): Uint8Array[] {
    const lines = this.#lines
    this.#lines = []
    this.#linesBytes = 0
    this.#trimAtBytes = TRIM_BYTES
    return lines
  }
}
