import { PIXELS, TilesError } from '../tiles.ts'
import type { BodyReader } from './bytes.ts'
import { BLACK, type Picture, type Rect } from './picture.ts'

/** Below this many pixels a loop is faster than the call of `fill` or `copyWithin`. */
const SHORT_RUN = 24
const RUN_CODES = 32
const SKIP_CODES = 31

const cache = new Int32Array(64)

/** One pixel operation after the other until the rectangle is full. The rectangle lies inside of the picture. */
export function readPixels(picture: Picture, rect: Rect, reader: BodyReader): void {
  const { bytes } = reader
  const stride = picture.width
  const end = bytes.length
  // The same pixels, signed: numbers above 2^31 would leave the fast path.
  const pixels = new Int32Array(picture.pixels.buffer, picture.pixels.byteOffset, picture.pixels.length)
  const { width } = rect
  const nextRow = stride - width
  let to = rect.y * stride + rect.x
  let rowEnd = to + width
  const firstRowEnd = rowEnd
  let left = width * rect.height
  let previous = BLACK
  let at = reader.at
  cache.fill(BLACK)

  while (left > 0) {
    if (at >= end) {
      repeatRowAbove(pixels, rect, stride, to, left)
      break
    }
    const op = bytes[at++] as number
    if (op < PIXELS.run || op === PIXELS.rgb) {
      if (op < PIXELS.diff) {
        previous = cache[op] as number
      } else if (op < PIXELS.luma) {
        const red = (previous + ((op >> 4) & 3) - 2) & 0xff
        const green = ((previous >> 8) + ((op >> 2) & 3) - 2) & 0xff
        const blue = ((previous >> 16) + (op & 3) - 2) & 0xff
        previous = red | (green << 8) | (blue << 16) | BLACK
        cache[(red * 3 + green * 5 + blue * 7) & 63] = previous
      } else if (op < PIXELS.run) {
        if (at >= end) throw new TilesError('body-truncated')
        const second = bytes[at++] as number
        const change = (op & 31) - 16
        const red = (previous + change + (second >> 4) - 8) & 0xff
        const green = ((previous >> 8) + change) & 0xff
        const blue = ((previous >> 16) + change + (second & 15) - 8) & 0xff
        previous = red | (green << 8) | (blue << 16) | BLACK
        cache[(red * 3 + green * 5 + blue * 7) & 63] = previous
      } else {
        if (at + 3 > end) throw new TilesError('body-truncated')
        const red = bytes[at] as number
        const green = bytes[at + 1] as number
        const blue = bytes[at + 2] as number
        at += 3
        previous = red | (green << 8) | (blue << 16) | BLACK
        cache[(red * 3 + green * 5 + blue * 7) & 63] = previous
      }
      pixels[to++] = previous
      left--
      if (to === rowEnd) {
        to += nextRow
        rowEnd += stride
      }
      continue
    }

    const isSkip = op >= PIXELS.skip
    const code = isSkip ? op - PIXELS.skip : op & 31
    let run = code + 1
    if (run === (isSkip ? SKIP_CODES : RUN_CODES)) {
      reader.at = at
      run += reader.varint()
      at = reader.at
    }
    if (run > left) throw new TilesError('run-too-long')
    const isUp = !isSkip && op >= PIXELS.up
    if (isUp && rowEnd === firstRowEnd) throw new TilesError('nothing-above')
    left -= run
    while (run > 0) {
      const length = Math.min(run, rowEnd - to)
      const stop = to + length
      if (isSkip) to = stop
      else if (isUp) {
        if (length < SHORT_RUN) for (; to < stop; to++) pixels[to] = pixels[to - stride] as number
        else pixels.copyWithin(to, to - stride, stop - stride)
      } else if (length < SHORT_RUN) for (; to < stop; to++) pixels[to] = previous
      else pixels.fill(previous, to, stop)
      to = stop
      run -= length
      if (to === rowEnd) {
        // The last pixel of a run is taken before the next row begins.
        if (run === 0 && (isSkip || isUp)) previous = pixels[to - 1] as number
        to += nextRow
        rowEnd += stride
      } else if (run === 0 && (isSkip || isUp)) previous = pixels[to - 1] as number
    }
  }
  reader.at = at
}

/** What a body leaves out at its end: the rest of the last rectangle is as the row above, row by row. */
function repeatRowAbove(pixels: Int32Array, rect: Rect, stride: number, from: number, left: number): void {
  let to = from
  let rest = left
  if (rest > rect.width * (rect.height - 1)) throw new TilesError('body-truncated')
  while (rest > 0) {
    const length = rest % rect.width || rect.width
    pixels.copyWithin(to, to - stride, to - stride + length)
    rest -= length
    to += length + stride - rect.width
  }
}
