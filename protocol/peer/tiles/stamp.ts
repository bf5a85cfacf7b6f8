/**
 * The stamp below a picture on the video track: a strip of black and white cells that says which motion a frame belongs to, since the video
 * and the channel `tiles` have no other clock in common.
 */

export const STAMP_ROWS = 16
export const STAMP_CELLS = 28
/** From this luma on a cell is white. */
export const STAMP_THRESHOLD = 128

export interface Stamp {
  /** 0..255, of the MOTION command that the frame belongs to. */
  readonly epoch: number
  /** 0..65535, one more from frame to frame. */
  readonly frameNumber: number
}

/** The rows of the screen that a video shows; the strip begins below them. Video has even sides. */
export const screenRowsOf = (screenHeight: number): number => screenHeight & ~1

export const videoHeightOf = (screenHeight: number): number => screenRowsOf(screenHeight) + STAMP_ROWS

/** White for true, from the left. */
export function stampCells({ epoch, frameNumber }: Stamp): boolean[] {
  const value = ((epoch & 0xff) << 16) | (frameNumber & 0xffff)
  return bitsOf(((value << 4) | checkOf(value)) >>> 0)
}

/** The stamp of `STAMP_CELLS` cells; undefined where the check says that they weren't read right. */
export function readStamp(cells: readonly boolean[]): Stamp | undefined {
  if (cells.length !== STAMP_CELLS) return undefined
  const bits = cells.reduce((value, isWhite) => (value << 1) | (isWhite ? 1 : 0), 0)
  const value = bits >>> 4
  return checkOf(value) === (bits & 15) ? { epoch: value >>> 16, frameNumber: value & 0xffff } : undefined
}

/** The middle of a cell in a video of this width, in pixels from the left. */
export function cellCentre(index: number, videoWidth: number): number {
  const width = Math.floor(videoWidth / STAMP_CELLS)
  return index * width + (width >> 1)
}

/** The strip's middle row in a video of this height, which may be smaller than the screen. */
export function stampRow(videoHeight: number, screenHeight: number): number {
  const scale = videoHeight / videoHeightOf(screenHeight)
  return Math.min(videoHeight - 1, Math.floor((screenRowsOf(screenHeight) + STAMP_ROWS / 2) * scale))
}

const bitsOf = (value: number): boolean[] =>
  Array.from({ length: STAMP_CELLS }, (_, index) => ((value >>> (STAMP_CELLS - 1 - index)) & 1) === 1)

function checkOf(value: number): number {
  let check = 0
  for (let shift = 0; shift < 24; shift += 4) check ^= (value >>> shift) & 15
  return check
}
