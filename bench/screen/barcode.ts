/**
 * The strip of cells that carries the millisecond clock, in pixels of the device's display: cell `i` is black where bit `i` of the stamp is set. It lies left of
 * the agent's banner and within the frame that shows that somebody looks.
 */
export const STRIP = { x: 8, y: 8, cells: 16, cellSize: 28 } as const
export const STRIP_WIDTH = STRIP.cells * STRIP.cellSize

const RANGE = 2 ** STRIP.cells

/** What the strip shows of a moment in epoch ms. */
export const stampOf = (epochMs: number) => epochMs % RANGE

/** The newest moment at or before `nowMs` that the strip shows as `stamp`. */
export function momentOf(stamp: number, nowMs: number): number {
  return nowMs - ((((nowMs - stamp) % RANGE) + RANGE) % RANGE)
}

/** Rectangles (x, y, width, height each, as X wants them) of the cells of one colour. */
export function cellsOf(stamp: number, isBlack: boolean): number[] {
  const { cells, cellSize } = STRIP
  const rectangles: number[] = []
  for (let cell = 0; cell < cells; cell++)
    if (((stamp >> cell) & 1) === (isBlack ? 1 : 0)) rectangles.push(cell * cellSize, 0, cellSize, cellSize)
  return rectangles
}
