import type { Clock } from '../../links/clock.ts'
import type { Surface } from '../../pixels/surface.ts'
import { hasRest, isOver, type Run } from './engine-run.ts'
import { FrameBody } from './tiles/frame-body.ts'
import type { FrameComposer } from './tiles/frame-composer.ts'
import type { TileChannel } from './tiles/tile-channel.ts'

/** A capture that waited for room takes this long at most. */
const REST_AFTER_MS = 12

export interface TilesHalfOptions {
  readonly tiles: TileChannel
  readonly clock: Clock
  /** Whether the operator's side knows STENCIL. */
  readonly hasStencils: () => boolean
  /** The first picture of a run has left. */
  readonly onLive: () => void
}

/** The engine's half that writes to `tiles`: exact tiles as the link takes them, and where the picture is video from now on, or tiles again. */
export class TilesHalf {
  readonly #options: TilesHalfOptions
  readonly #body = new FrameBody()

  constructor(options: TilesHalfOptions) {
    this.#options = options
  }

  /** From now on room on the link is for this run; `undefined`: for none. */
  watchRoom(run: Run | undefined): void {
    this.#options.tiles.onDrawn(run && (() => this.#handleRoom(run)))
  }

  /** Resolves when the link may take more, or when the run is over. */
  room(run: Run): Promise<void> {
    return new Promise(resolve => {
      run.onRoom = resolve
    })
  }

  /** How long the operator hasn't drawn what was sent. */
  get oldestAgeMs(): number {
    return this.#options.tiles.oldestAgeMs
  }

  /** The picture has another size: the operator has nothing of it. */
  sendSize({ width, height }: Surface): void {
    this.#send(body => body.size(width, height))
  }

  /** The picture is the video of this epoch. */
  sendMotion(epoch: number): void {
    this.#send(body => body.motion(epoch))
  }

  /** The video is over: what follows changes the picture as the operator has it then. */
  sendTiles(): void {
    this.#send(body => body.tiles())
  }

  /** Sends one frame of what the link takes now, and answers how many bytes that was. */
  write(run: Run, composer: FrameComposer): number {
    const { tiles, onLive } = this.#options
    const budgetBytes = tiles.bodyBudgetBytes
    if (budgetBytes === 0) return 0
    run.cancelRest?.()
    run.cancelRest = undefined
    this.#compose(run, composer, budgetBytes)
    const bytes = this.#body.length > 0 ? tiles.sendFrame(this.#body.bytes) : 0
    if (!run.isLive) {
      run.isLive = true
      onLive()
    }
    return bytes
  }

  #compose(run: Run, composer: FrameComposer, budgetBytes: number): void {
    this.#body.clear()
    composer.compose(this.#body, budgetBytes, this.#options.hasStencils())
    if (!run.isInexact || composer.isBehind) return
    run.isInexact = false
    this.#body.exact()
  }

  #handleRoom(run: Run): void {
    if (this.#options.tiles.bodyBudgetBytes === 0) return
    run.onRoom?.()
    run.onRoom = undefined
    if (!hasRest(run) || run.cancelRest) return
    // What changed meanwhile goes first, together with the rest; the rest goes alone where nothing did.
    run.cancelRest = this.#options.clock.setTimer(() => {
      run.cancelRest = undefined
      if (!isOver(run) && run.composer && hasRest(run)) this.write(run, run.composer)
    }, REST_AFTER_MS)
  }

  #send(write: (body: FrameBody) => void): void {
    this.#body.clear()
    write(this.#body)
    this.#options.tiles.sendFrame(this.#body.bytes)
  }
}
