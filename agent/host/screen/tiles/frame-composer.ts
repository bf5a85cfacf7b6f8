import { stencilBytes } from '#protocol/peer/tiles.ts'
import { KnownPicture, type Stencil } from '../../../pixels/known-picture.ts'
import { areaOf, hullOf } from '../../../pixels/rect.ts'
import type { Surface } from '../../../pixels/surface.ts'
import type { Rect } from '../../../platform/platform.ts'
import type { FrameBody } from './frame-body.ts'
import { MoveFinder } from './move-finder.ts'

/** Moves are looked for in bands of at least this many pixels. */
const MOVE_MIN_PIXELS = 40_000
/** More moves than this in one frame are not scrolling. */
const MOVES_MAX = 4
/** A frame is cut where its budget ends, but never into pieces smaller than this. */
const PIECE_ROWS = 16
/** Before a rectangle's first piece says what it is: between text and a photograph. */
const EXPECTED_BYTES_PER_PIXEL = 2
const BYTES_PER_PIXEL_MIN = 0.02

/** A character is looked at for its colour pixel by pixel; more than a few of them pay in no case. */
const STENCIL_MAX_PIXELS = 1_024
const STENCIL_COLOUR_BYTES = 3

/** Text needs about a third of a byte for a pixel before it is deflated, a photograph three. */
const SIMPLE_BYTES_PER_PIXEL = 0.8
const SAMPLE_ROWS = 8
const SAMPLE_EVERY_ROWS = 96

/** Turns what changed on a surface into the commands of frames, and knows what the other side has after each of them. */
export class FrameComposer {
  readonly #known: KnownPicture
  readonly #moves: MoveFinder
  #pending: Rect[] = []
  /** Whether what is pending is just what the other side doesn't have, and not only somewhere inside of it. */
  #isExact = true
  /** Nothing can have moved in what the other side doesn't have yet. */
  #isFirst = true
  #hasStencils = false

  constructor(surface: Surface) {
    this.#known = new KnownPicture(surface)
    this.#moves = new MoveFinder(this.#known)
  }

  get surface(): Surface {
    return this.#known.surface
  }

  /** Whether something changed that the other side doesn't have. */
  get isBehind(): boolean {
    return this.#pending.length > 0
  }

  /** Notes what changed on the surface. */
  add(damage: readonly Rect[]): void {
    this.#isExact = this.#pending.length === 0
    this.#pending = this.#isExact ? [...damage] : joined(this.#pending, damage)
  }

  /** Writes what fits into about `budgetBytes`, small changes first. What doesn't fit stays pending, to be written as it is then. `hasStencils`: the other side knows STENCIL. */
  compose(body: FrameBody, budgetBytes: number, hasStencils: boolean): void {
    this.#hasStencils = hasStencils
    const bands = this.#isExact ? this.#pending : this.#pending.flatMap(rect => this.#known.differences(rect))
    const changed = bands.flatMap(band => this.#withoutMoves(body, band))
    changed.sort((a, b) => areaOf(a) - areaOf(b))
    const limit = body.length + budgetBytes
    this.#pending = []
    this.#isExact = false
    this.#isFirst = false
    for (const rect of changed) this.#write(body, rect, limit)
  }

  /** Whether what is pending has few colours and large areas, so that tiles would be small. Looks at samples of it; nothing is written. */
  isSimple(): boolean {
    const samples = this.#pending.flatMap(samplesOf)
    const pixels = samples.reduce((sum, rect) => sum + areaOf(rect), 0)
    const bytes = samples.reduce((sum, rect) => sum + this.#known.measure(rect), 0)
    return bytes < pixels * SIMPLE_BYTES_PER_PIXEL
  }

  #withoutMoves(body: FrameBody, band: Rect): Rect[] {
    if (this.#isFirst || areaOf(band) < MOVE_MIN_PIXELS) return [band]
    let moved = false
    for (let count = 0; count < MOVES_MAX; count++) {
      const move = this.#moves.find(band, count === 0)
      if (!move) break
      const { from, dx, dy } = move
      body.copy(from, from.x + dx, from.y + dy)
      this.#known.move(from, from.x + dx, from.y + dy)
      moved = true
    }
    return moved ? this.#known.differences(band) : [band]
  }

  #write(body: FrameBody, rect: Rect, limit: number): void {
    const rowsAtOnce = this.#known.rowsAtOnce(rect.width)
    let { y } = rect
    const bottom = rect.y + rect.height
    let bytesPerPixel = EXPECTED_BYTES_PER_PIXEL
    while (y < bottom && body.length < limit) {
      // A piece is encoded whole, so it is kept as small as what is left of the budget.
      const affordable = Math.floor((limit - body.length) / (rect.width * bytesPerPixel))
      const height = Math.min(rowsAtOnce, bottom - y, Math.max(PIECE_ROWS, affordable))
      const piece = { ...rect, y, height }
      const stencil = this.#stencilOf(piece)
      const operations = this.#known.encode(piece)
      const { length } = operations.bytes
      if (stencil && stencil.bits.length + STENCIL_COLOUR_BYTES < length - operations.tailBytes)
        body.stencil(piece, stencil)
      else body.rect(piece, operations)
      bytesPerPixel = Math.max(BYTES_PER_PIXEL_MIN, length / areaOf(piece))
      y += height
    }
    if (y < bottom) this.#pending.push({ ...rect, y, height: bottom - y })
  }

  /** A character of one colour over whatever was there: a bit for each pixel is less than what stays and what changes, run by run. */
  #stencilOf(piece: Rect): Stencil | undefined {
    const pixels = areaOf(piece)
    return this.#hasStencils && pixels <= STENCIL_MAX_PIXELS
      ? this.#known.stencil(piece, new Uint8Array(stencilBytes(pixels)))
      : undefined
  }
}

function samplesOf(rect: Rect): Rect[] {
  const samples: Rect[] = []
  for (let y = rect.y; y + SAMPLE_ROWS <= rect.y + rect.height; y += SAMPLE_EVERY_ROWS) {
    samples.push({ ...rect, y, height: SAMPLE_ROWS })
  }
  return samples
}

/** Keeps rectangles few and apart: what overlaps, or nearly fills its hull together, becomes one. */
function joined(rects: readonly Rect[], more: readonly Rect[]): Rect[] {
  const result = [...rects]
  for (const rect of more) {
    let grown = rect
    for (let at = result.length - 1; at >= 0; at--) {
      const other = result[at] as Rect
      const hull = hullOf([grown, other])
      if (areaOf(hull) > areaOf(grown) + areaOf(other)) continue
      result.splice(at, 1)
      grown = hull
    }
    result.push(grown)
  }
  return result
}
