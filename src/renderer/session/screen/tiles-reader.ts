import { FrameAssembler, type ReceivedFrame } from '#protocol/peer/tiles/assemble.ts'
import { TilesError, type TilesProblem } from '#protocol/peer/tiles.ts'
import { inflateBody } from './inflate-body.ts'

export interface TilesReaderOptions {
  /** One frame's commands, in order. `bytes` is what the frame took on the wire. May throw `TilesError`. */
  readonly onFrame: (body: Uint8Array, frame: { readonly sequence: number; readonly bytes: number }) => void
  /** Once. Nothing is read any more. */
  readonly onProblem: (problem: TilesProblem) => void
}

/** The bytes of the channel as frames, strictly one after the other. What a hostile peer sends ends it with a name, and never throws. */
export class TilesReader {
  readonly #options: TilesReaderOptions
  readonly #assembler = new FrameAssembler()
  /** Settles when all frames so far are applied; undefined while none is waiting. */
  #inflating: Promise<void> | undefined
  #isClosed = false

  constructor(options: TilesReaderOptions) {
    this.#options = options
  }

  handleMessage(data: unknown): void {
    this.#guard(() => {
      if (!(data instanceof ArrayBuffer)) throw new TilesError('bad-message')
      const frame = this.#assembler.add(new Uint8Array(data))
      if (frame) this.#handleFrame(frame)
    })
  }

  /** Idempotent. */
  close(): void {
    this.#isClosed = true
  }

  #handleFrame(frame: ReceivedFrame): void {
    // A plain frame needs no detour, unless one before it is still being inflated.
    if (!frame.isDeflated && !this.#inflating) {
      this.#deliver(frame.body, frame)
      return
    }
    const body = frame.isDeflated ? inflateBody(frame.body) : Promise.resolve(frame.body)
    // Handled below, in turn; until then a failure isn't nobody's.
    body.catch(() => undefined)
    const before = this.#inflating ?? Promise.resolve()
    const done = before
      .then(() => body)
      .then(
        bytes => this.#guard(() => this.#deliver(bytes, frame)),
        thrown => this.#fail(thrown),
      )
      .then(() => {
        if (this.#inflating === done) this.#inflating = undefined
      })
    this.#inflating = done
  }

  #deliver(body: Uint8Array, frame: ReceivedFrame): void {
    if (!this.#isClosed) this.#options.onFrame(body, { sequence: frame.sequence, bytes: frame.body.length })
  }

  #guard(act: () => void): void {
    if (this.#isClosed) return
    try {
      act()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #fail(thrown: unknown): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // Memory that can't be had for a picture of the size that the peer named ends it like every other byte that isn't sound.
    this.#options.onProblem(thrown instanceof TilesError ? thrown.problem : 'bad-size')
  }
}
