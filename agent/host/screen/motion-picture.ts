import {
  STAMP_CELLS,
  STAMP_ROWS,
  type Stamp,
  screenRowsOf,
  stampCells,
  videoHeightOf,
} from '#protocol/peer/tiles/stamp.ts'
import { convertToPlanes, type Halvings, PLANES_MIN_WIDTH } from '../../pixels/planes.ts'
import type { Surface } from '../../pixels/surface.ts'
import type { Rect } from '../../platform/platform.ts'
import type { VideoFrame } from '../peer/native.ts'

const BLACK_LUMA = 16
const WHITE_LUMA = 235
const NO_COLOUR = 128

/** The least width of a cell that survives the encoder. */
const CELL_MIN_PIXELS = 4

/** Whether a screen of this size can be shown as video at all. */
export const canMove = (surface: Surface): boolean => canHalve(surface, 0)

/** Whether its sides may be halved this often. */
export const canHalve = ({ width, height }: Surface, halvings: Halvings): boolean =>
  width >> halvings >= STAMP_CELLS * CELL_MIN_PIXELS && height >> halvings >= STAMP_ROWS

/**
 * The screen as the encoder gets it: I420, in one buffer that is used again, with the stamp below. I420 halves its colour planes, so an odd last column or row
 * is cropped: one pixel of a screen's edge, where padding would show a line that isn't on the screen and shift every coordinate's scale.
 */
export class MotionPicture {
  readonly surface: Surface
  readonly halvings: Halvings
  readonly #frame: VideoFrame
  readonly #rows: number

  constructor(surface: Surface, halvings: Halvings) {
    this.surface = surface
    this.halvings = halvings
    const width = Math.max(PLANES_MIN_WIDTH, (surface.width >> halvings) & ~1)
    const height = (videoHeightOf(surface.height) >> halvings) & ~1
    this.#rows = (screenRowsOf(surface.height) >> halvings) & ~1
    this.#frame = { width, height, data: new Uint8Array((width * height * 3) / 2).fill(NO_COLOUR) }
    this.update([{ x: 0, y: 0, width: surface.width, height: surface.height }])
  }

  get pixels(): number {
    return this.#frame.width * this.#frame.height
  }

  /** Takes over what changed on the surface. */
  update(damage: readonly Rect[]): void {
    const top = Math.max(0, (Math.min(...damage.map(rect => rect.y)) >> this.halvings) & ~1)
    const lowest = Math.max(...damage.map(rect => rect.y + rect.height))
    const bottom = Math.min(this.#rows, (Math.ceil(lowest / (1 << this.halvings)) + 1) & ~1)
    if (bottom > top) convertToPlanes(this.surface, this.#frame, this.halvings, top, bottom)
  }

  /** The picture with this stamp; lent until the next call. */
  stamped(stamp: Stamp): VideoFrame {
    const { width, height, data } = this.#frame
    const cellWidth = Math.floor(width / STAMP_CELLS)
    const first = this.#rows * width
    const row = data.subarray(first, first + width).fill(BLACK_LUMA)
    stampCells(stamp).forEach((isWhite, cell) => {
      if (isWhite) row.fill(WHITE_LUMA, cell * cellWidth, (cell + 1) * cellWidth)
    })
    for (let at = first + width; at < width * height; at += width) data.copyWithin(at, first, first + width)
    return this.#frame
  }
}
