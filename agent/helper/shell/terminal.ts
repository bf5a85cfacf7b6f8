import type { IPty } from '@lydell/node-pty'
import { TERMINAL_REPLAY_BYTES, TERMINAL_WINDOW_BYTES } from '#protocol/tools/limits.ts'
import type { TerminalView } from '#protocol/tools/messages.ts'
import { CommandMarks } from './command-marks.ts'
import { Past } from './past.ts'
import type { Recording } from './recordings.ts'
import type { ShellSystem } from './system/shell-system.ts'

/** Leaves room for the channel's own bytes in a message of 16 KiB. */
const CHUNK_BYTES = 16_000
/** With this much on its way nobody waits for the echo of a key: output is gathered, since a pty gives it in pieces of 4 KiB that each cost every hop. */
const FLOOD_BYTES = 64 * 1024
const GATHER_MS = 5
const GATHERED_MAX_BYTES = 128 * 1024
/** A program that doesn't go by itself after its terminal went is ended. */
const HANG_UP_MS = 2_000

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

export interface TerminalOptions {
  readonly view: TerminalView
  readonly size: TerminalSize
  readonly pty: IPty
  readonly system: Pick<ShellSystem, 'hangUp' | 'end'>
  readonly recording: Recording
  readonly output: (bytes: Uint8Array) => void
  readonly onExit: (exitCode: number | null) => void
}

/**
 * One pty. It lives on while nobody looks; whoever looks again gets its past and then its present. What wasn't drawn yet is bounded: beyond the window the
 * pty isn't read any more, and the program in it waits.
 */
export class Terminal {
  readonly view: TerminalView
  readonly #options: TerminalOptions
  readonly #past = new Past(TERMINAL_REPLAY_BYTES)
  readonly #marks = new CommandMarks()
  readonly #decoder = new TextDecoder()
  #size: TerminalSize
  #gathered: Buffer[] = []
  #gatheredBytes = 0
  #undrawnBytes = 0
  #isPaused = false
  #isReading = true
  #isOver = false
  #isEnding = false

  constructor(options: TerminalOptions) {
    this.#options = options
    this.view = options.view
    this.#size = options.size
    // With `encoding: null` these are bytes, which the types don't know; on Windows they are text all the same.
    options.pty.onData((data: string | Buffer) => this.#gather(typeof data === 'string' ? Buffer.from(data) : data))
    options.pty.onExit(({ exitCode }) => this.#finish(exitCode))
  }

  /** Somebody wants it gone. */
  get isEnding(): boolean {
    return this.#isEnding
  }

  get size(): TerminalSize {
    return this.#size
  }

  /** At most so many bytes of what it printed last. */
  lastOutput(maxBytes: number): Uint8Array {
    return this.#past.last(maxBytes)
  }

  write(text: string): void {
    if (!this.#isOver) this.#options.pty.write(text)
  }

  resize(columns: number, rows: number): void {
    if (this.#isOver) return
    this.#size = { columns, rows }
    this.#options.pty.resize(columns, rows)
    this.#options.recording.resized(columns, rows)
  }

  /** The other side has drawn this much. */
  drawn(bytes: number): void {
    this.#undrawnBytes = Math.max(0, this.#undrawnBytes - bytes)
    this.#flow()
  }

  /** Sends the past to somebody who looks anew; what the one before left undrawn doesn't count any more. */
  replay(): void {
    this.#undrawnBytes = 0
    for (const chunk of this.#past.chunks) this.#send(chunk)
    this.#flow()
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#flow()
  }

  /** Hangs up, and ends what stays. */
  end(): void {
    if (this.#isOver) return
    this.#isEnding = true
    this.#options.system.hangUp(this.#options.pty)
    setTimeout(() => this.kill(), HANG_UP_MS).unref()
  }

  /** Ends everything that was started in it, now. Idempotent. */
  kill(): void {
    this.#options.system.end(this.#options.pty)
    this.#finish(null)
  }

  /** Output in quick succession becomes one message. */
  #gather(data: Buffer): void {
    if (this.#isOver) return
    this.#gathered.push(data)
    this.#gatheredBytes += data.length
    if (this.#gathered.length === 1) {
      if (this.#undrawnBytes < FLOOD_BYTES) setImmediate(() => this.#emit())
      else setTimeout(() => this.#emit(), GATHER_MS)
    } else if (this.#gatheredBytes >= GATHERED_MAX_BYTES) this.#emit()
  }

  #emit(): void {
    const bytes = this.#gathered.length === 1 ? this.#gathered[0] : Buffer.concat(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    if (!bytes) return
    // Somebody waits for what they typed; the file doesn't.
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
      const chunk = bytes.subarray(start, start + CHUNK_BYTES)
      this.#past.push(chunk)
      this.#send(chunk)
    }
    const text = this.#decoder.decode(bytes, { stream: true })
    this.#options.recording.output(text)
    for (const { command, exitCode } of this.#marks.push(text)) this.#options.recording.command(command, exitCode)
    this.#flow()
  }

  #send(chunk: Uint8Array): void {
    this.#undrawnBytes += chunk.length
    this.#options.output(chunk)
  }

  #flow(): void {
    if (this.#isOver) return
    const mayRead = !this.#isPaused && this.#undrawnBytes < TERMINAL_WINDOW_BYTES
    if (mayRead === this.#isReading) return
    this.#isReading = mayRead
    if (mayRead) this.#options.pty.resume()
    else this.#options.pty.pause()
  }

  #finish(exitCode: number | null): void {
    if (this.#isOver) return
    this.#emit()
    this.#isOver = true
    this.#options.recording.close()
    this.#options.onExit(exitCode)
  }
}
