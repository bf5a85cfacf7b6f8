import type { Rect } from './rect.ts'
import { BYTES_PER_PIXEL, type Surface } from './surface.ts'

const COLOURS_BYTES = 64 * 4
const CACHE_BYTES = COLOURS_BYTES + 16
/** No operation takes more than this for one pixel. */
const BYTES_PER_OPERATION = 6

/** The operations of one rectangle, lent until the next are made. */
export interface Operations {
  readonly bytes: Uint8Array
  /** How many at the end say no more than that the rest is as the row above. */
  readonly tailBytes: number
}

export interface Stencil {
  /** R, G, B from the lowest byte on. */
  readonly colour: number
  /** One for each pixel of a rectangle, row by row, the lowest bit of a byte first; set where the colour is new. */
  readonly bits: Uint8Array
}

/** What the other side has of a surface, and the operations that bring it up to date. It lies in the surface's own memory. */
export class KnownPicture {
  readonly surface: Surface
  readonly #bytes: Uint8Array
  readonly #words: Uint32Array

  /** The other side starts with a black picture. */
  constructor(surface: Surface) {
    this.surface = surface
    this.#bytes = new Uint8Array(surface.memory.buffer)
    this.#words = new Uint32Array(surface.memory.buffer)
    const { layout, memory, width, height } = surface
    new Uint32Array(memory.buffer, layout.known, width * height).fill(0xff000000)
  }

  /** The most rows of a rectangle this wide that `encode` takes at once. */
  rowsAtOnce(width: number): number {
    return Math.max(1, Math.floor((this.surface.layout.stripBytes - CACHE_BYTES) / (width * BYTES_PER_OPERATION)))
  }

  /** The parts of `rect` that the other side doesn't have. */
  differences(rect: Rect): Rect[] {
    return this.surface.differences(rect)
  }

  /** The operations for `rect`, which the other side then has. At most `rowsAtOnce` rows; the bytes are lent until the next call. */
  encode(rect: Rect): Operations {
    const { kernel, layout, strideBytes } = this.surface
    const length = this.#encode(rect)
    const current = this.surface.addressOf(layout.current, rect.x, rect.y)
    const known = this.surface.addressOf(layout.known, rect.x, rect.y)
    kernel.copyRect(current, known, strideBytes, rect.width, rect.height)
    const out = layout.strip + CACHE_BYTES
    const tailBytes = new Int32Array(this.surface.memory.buffer, layout.strip + COLOURS_BYTES, 1)[0] ?? 0
    return { bytes: this.#bytes.subarray(out, out + length), tailBytes }
  }

  /** How many bytes `encode` would need; nothing is noted. */
  measure(rect: Rect): number {
    return this.#encode(rect)
  }

  /** Where all that the other side doesn't have of `rect` is of one colour: that colour, and `bits` (given as zeros) set where it goes. Nothing is noted. */
  stencil({ x, y, width, height }: Rect, bits: Uint8Array): Stencil | undefined {
    const { layout } = this.surface
    const words = this.#words
    let colour: number | undefined
    for (let row = 0, index = 0; row < height; row++) {
      const current = this.surface.addressOf(layout.current, x, y + row) >>> 2
      const known = this.surface.addressOf(layout.known, x, y + row) >>> 2
      for (let column = 0; column < width; column++, index++) {
        const pixel = words[current + column] as number
        if (pixel === words[known + column]) continue
        colour ??= pixel
        if (pixel !== colour) return undefined
        bits[index >> 3] = (bits[index >> 3] as number) | (1 << (index & 7))
      }
    }
    return colour === undefined ? undefined : { colour, bits }
  }

  /** The other side moves a rectangle inside its picture. */
  move({ x, y, width, height }: Rect, toX: number, toY: number): void {
    const { kernel, layout, strideBytes } = this.surface
    const from = this.surface.addressOf(layout.known, x, y)
    kernel.moveRows(from, this.surface.addressOf(layout.known, toX, toY), strideBytes, width, height)
  }

  /** One hash for each of `segments` parts of each row of `rect`, of what the other side has and of what is. */
  hashes(
    { x, y, width, height }: Rect,
    segments: number,
  ): { readonly known: Int32Array; readonly current: Int32Array } {
    const { kernel, layout, memory, strideBytes } = this.surface
    const count = height * segments
    const hash = (picture: number, into: number) => {
      kernel.hashRows(this.surface.addressOf(picture, x, y), strideBytes, width, height, segments, into)
      return new Int32Array(memory.buffer, into, count)
    }
    return {
      known: hash(layout.known, layout.strip),
      current: hash(layout.current, layout.strip + count * BYTES_PER_PIXEL),
    }
  }

  #encode({ x, y, width, height }: Rect): number {
    const { kernel, layout, strideBytes } = this.surface
    const current = this.surface.addressOf(layout.current, x, y)
    const known = this.surface.addressOf(layout.known, x, y)
    const out = layout.strip + CACHE_BYTES
    const capacity = layout.stripBytes - CACHE_BYTES
    const length = kernel.encodeRect(current, known, strideBytes, width, height, layout.strip, out, capacity)
    if (length < 0) throw new RangeError('a rectangle is too large to be encoded at once')
    return length
  }
}
