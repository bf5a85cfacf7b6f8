import {
  STAMP_CELLS,
  STAMP_ROWS,
  type Stamp,
  screenRowsOf,
  stampCells,
  videoHeightOf,
} from '#protocol/peer/tiles/stamp.ts'
import { convertToPlanes, PLANES_MIN_WIDTH } from '../../pixels/planes.ts'
import type { Surface } from '../../pixels/surface.ts'
import type { Rect } from '../../platform/platform.ts'
import type { VideoFrame } from '../peer/native.ts'

const BLACK_LUMA = 16
const WHITE_LUMA = 235
const NO_COLOUR = 128

/** A screen narrower than this has no room for a stamp that survives the encoder. */
const MIN_WIDTH = STAMP_CELLS * 4

/** Whether a screen of this size can be shown as video at all. */
export const canMove = (surface: Surface): boolean => surface.width >= MIN_WIDTH && surface.height >= STAMP_ROWS

/**
 * The screen as the encoder gets it: I420, in one buffer that is used again, with the stamp below. I420 halves its colour planes, so an odd last column or row
 * is cropped: one pixel of a screen's edge, where padding would show a line that isn't on the screen and shift every coordinate's scale.
 */
export class MotionPicture {
  readonly #surface: Surface
  readonly #frame: VideoFrame
  #frameNumber = 0

  constructor(surface: Surface) {
    this.#surface = surface
    const width = Math.max(PLANES_MIN_WIDTH, surface.width & ~1)
    const height = videoHeightOf(surface.height)
    const data = new Uint8Array((width * height * 3) / 2).fill(NO_COLOUR)
    this.#frame = { width, height, data }
    this.update([{ x: 0, y: 0, width: surface.width, height: surface.height }])
  }

  /** Takes over what changed on the surface. */
  update(damage: readonly Rect[]): void {
    const rows = screenRowsOf(this.#surface.height)
    const top = Math.max(0, Math.min(...damage.map(rect => rect.y)) & ~1)
    const bottom = Math.min(rows, (Math.max(...damage.map(rect => rect.y + rect.height)) + 1) & ~1)
    if (bottom > top) convertToPlanes(this.#surface, this.#frame, top, bottom - top)
  }

  /** The picture as the next frame of `epoch`; lent until the next call. */
  stamped(epoch: number): VideoFrame {
    this.#frameNumber = (this.#frameNumber + 1) & 0xffff
    this.#stamp({ epoch, frameNumber: this.#frameNumber })
    return this.#frame
  }

  #stamp(stamp: Stamp): void {
    const { width, data } = this.#frame
    const cellWidth = Math.floor(width / STAMP_CELLS)
    const first = screenRowsOf(this.#surface.height) * width
    const row = data.subarray(first, first + width).fill(BLACK_LUMA)
    stampCells(stamp).forEach((isWhite, cell) => {
      if (isWhite) row.fill(WHITE_LUMA, cell * cellWidth, (cell + 1) * cellWidth)
    })
    for (let below = 1; below < STAMP_ROWS; below++) data.copyWithin(first + below * width, first, first + width)
  }
}
