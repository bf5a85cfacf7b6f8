import { TILES_PIXELS_MAX, TILES_SIDE_MAX } from '../../limits.ts'
import { TilesError } from '../tiles.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Rows = Pick<Rect, 'y' | 'height'>

/** The lossless picture in memory: R, G, B, A in the bytes of each pixel, row by row from the top left. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint32Array<ArrayBuffer>
  /** Set while the video shows what this picture doesn't: only frames stamped with it may be drawn. Undefined while no video frame may. */
  readonly epoch: number | undefined
  /** The rows of the last rectangle, which the next one may have again; undefined before the first. */
  readonly rows: Rows | undefined
}

/** Opaque black as a pixel of a little-endian machine, which every one is that runs this. */
export const BLACK = 0xff000000 | 0

export const pixelOf = (red: number, green: number, blue: number): number =>
  red | (green << 8) | (blue << 16) | 0xff000000

/** All black. Refuses sizes beyond the protocol's before it takes any memory. */
export function createPicture(width: number, height: number): Picture {
  const isSound = isSide(width) && isSide(height) && width * height <= TILES_PIXELS_MAX
  if (!isSound) throw new TilesError('bad-size')
  return { width, height, pixels: new Uint32Array(width * height).fill(BLACK), epoch: undefined, rows: undefined }
}

const isSide = (pixels: number) => pixels >= 1 && pixels <= TILES_SIDE_MAX

export function requireInside(picture: Picture, { x, y, width, height }: Rect): void {
  const isInside =
    width >= 1 && height >= 1 && x >= 0 && y >= 0 && x + width <= picture.width && y + height <= picture.height
  if (!isInside) throw new TilesError('outside')
}

/** Moves pixels inside the picture as if by way of a second one: source and target may overlap. */
export function copyRect({ width: stride, pixels }: Picture, from: Rect, toX: number, toY: number): void {
  const { x, y, width, height } = from
  const downwards = toY <= y
  for (let index = 0; index < height; index++) {
    const row = downwards ? index : height - 1 - index
    const start = (y + row) * stride + x
    pixels.copyWithin((toY + row) * stride + toX, start, start + width)
  }
}

/** Gives those pixels of the rectangle the colour whose bits are set: row by row, the lowest bit of a byte first. */
export function stencilRect(
  { width: stride, pixels }: Picture,
  { x, y, width, height }: Rect,
  pixel: number,
  bits: Uint8Array,
): void {
  for (let index = 0; index < width * height; index++)
    if (((bits[index >> 3] ?? 0) >> (index & 7)) & 1)
      pixels[(y + Math.floor(index / width)) * stride + x + (index % width)] = pixel
}

export function fillRect({ width: stride, pixels }: Picture, { x, y, width, height }: Rect, pixel: number): void {
  for (let row = y; row < y + height; row++) pixels.fill(pixel, row * stride + x, row * stride + x + width)
}
