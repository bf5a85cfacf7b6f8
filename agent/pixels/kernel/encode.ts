import { equalPixels, pixelsOfColour } from './compare'

/** The pixel operations of docs/protocol.md: runs of what is known already, and a colour in one to four bytes where it isn't. */

const INDEX: u32 = 0x00
const DIFF: u32 = 0x40
const LUMA: u32 = 0x80
const RUN: u32 = 0xa0
const UP: u32 = 0xc0
const SKIP: u32 = 0xe0
const RGB: u32 = 0xff

const OPAQUE: u32 = 0xff000000
const CACHE_COLOURS: i32 = 64
/** What covers so much needs no better: to look for something longer costs more than the byte or two that it saves. */
const LONG_PIXELS: i32 = 256
/** The longest that one operation gets: its code and four bytes. */
const OPERATION_BYTES: usize = 6

function writeVarint(out: usize, value: u32): usize {
  while (value >= 0x80) {
    store<u8>(out++, (value & 0x7f) | 0x80)
    value >>= 7
  }
  store<u8>(out++, value)
  return out
}

/** `codes` is how many lengths fit into the code itself, the one that says "longer" included. */
function writeRun(out: usize, code: u32, codes: u32, length: u32): usize {
  if (length < codes) {
    store<u8>(out, code + length - 1)
    return out + 1
  }
  store<u8>(out, code + codes - 1)
  return writeVarint(out + 1, length - codes)
}

function slotOf(pixel: u32): u32 {
  return ((pixel & 0xff) * 3 + ((pixel >> 8) & 0xff) * 5 + ((pixel >> 16) & 0xff) * 7) & 63
}

function writeColour(out: usize, pixel: u32, before: u32, cache: usize): usize {
  const slot = slotOf(pixel)
  const cached = cache + <usize>(slot << 2)
  if (load<u32>(cached) == pixel) {
    store<u8>(out, INDEX | slot)
    return out + 1
  }
  store<u32>(cached, pixel)
  const dr = <i32>(<i8>((pixel & 0xff) - (before & 0xff)))
  const dg = <i32>(<i8>(((pixel >> 8) & 0xff) - ((before >> 8) & 0xff)))
  const db = <i32>(<i8>(((pixel >> 16) & 0xff) - ((before >> 16) & 0xff)))
  if (dr >= -2 && dr <= 1 && dg >= -2 && dg <= 1 && db >= -2 && db <= 1) {
    store<u8>(out, DIFF | ((dr + 2) << 4) | ((dg + 2) << 2) | (db + 2))
    return out + 1
  }
  const red = <i32>(<i8>(dr - dg))
  const blue = <i32>(<i8>(db - dg))
  if (dg >= -16 && dg <= 15 && red >= -8 && red <= 7 && blue >= -8 && blue <= 7) {
    store<u8>(out, LUMA | (dg + 16))
    store<u8>(out + 1, ((red + 8) << 4) | (blue + 8))
    return out + 2
  }
  store<u8>(out, RGB)
  store<u8>(out + 1, pixel)
  store<u8>(out + 2, pixel >> 8)
  store<u8>(out + 3, pixel >> 16)
  return out + 4
}

/** How far two pictures agree from (x, y) on, over the ends of rows. */
function equalFrom(a: usize, b: usize, stride: usize, x: i32, y: i32, width: i32, height: i32): i32 {
  let length: i32 = 0
  while (y < height) {
    const offset = stride * y + ((<usize>x) << 2)
    const equal = equalPixels(a + offset, b + offset, width - x)
    length += equal
    if (equal < width - x) break
    x = 0
    y++
  }
  return length
}

function colourFrom(a: usize, colour: u32, stride: usize, x: i32, y: i32, width: i32, height: i32): i32 {
  let length: i32 = 0
  while (y < height) {
    const equal = pixelsOfColour(a + stride * y + ((<usize>x) << 2), colour, width - x)
    length += equal
    if (equal < width - x) break
    x = 0
    y++
  }
  return length
}

/**
 * Writes the operations that turn the rectangle at `known` (what the other side has) into the one at `current`, both in pictures of `stride` bytes a row.
 * `cache` is room for 64 colours and one number. Answers the bytes written, or -1 when `capacity` isn't enough; the number is how many of them at the end say no
 * more than that the rest is as the row above.
 */
export function encodeRect(
  current: usize,
  known: usize,
  stride: usize,
  width: i32,
  height: i32,
  cache: usize,
  out: usize,
  capacity: usize,
): i32 {
  for (let slot: i32 = 0; slot < CACHE_COLOURS; slot++) store<u32>(cache + ((<usize>slot) << 2), OPAQUE)
  const start = out
  const limit = out + capacity - OPERATION_BYTES
  const above = current - stride
  let before: u32 = OPAQUE
  let tail: usize = 0
  let x: i32 = 0
  let y: i32 = 0
  while (y < height) {
    if (out > limit) return -1
    const offset = stride * y + ((<usize>x) << 2)
    const pixel = load<u32>(current + offset)
    let length: i32 = 0
    let code: u32 = SKIP
    let codes: u32 = 31
    if (load<u32>(known + offset) == pixel) length = equalFrom(current, known, stride, x, y, width, height)
    if (length < LONG_PIXELS && y > 0 && load<u32>(above + offset) == pixel) {
      const up = equalFrom(current, above, stride, x, y, width, height)
      if (up > length) {
        length = up
        code = UP
        codes = 32
      }
    }
    if (length < LONG_PIXELS && before == pixel) {
      const run = colourFrom(current, before, stride, x, y, width, height)
      if (run > length) {
        length = run
        code = RUN
        codes = 32
      }
    }
    if (length == 0) {
      out = writeColour(out, pixel, before, cache)
      tail = 0
      length = 1
    } else {
      const begin = out
      out = writeRun(out, code, codes, length)
      tail = code == UP ? out - begin : 0
    }
    x += length
    if (x >= width) {
      y += x / width
      x %= width
    }
    const lastX = x == 0 ? width - 1 : x - 1
    const lastY = x == 0 ? y - 1 : y
    before = load<u32>(current + stride * lastY + ((<usize>lastX) << 2))
  }
  store<i32>(cache + ((<usize>CACHE_COLOURS) << 2), <i32>tail)
  return <i32>(out - start)
}

/** Notes that the other side has the rectangle now. */
export function copyRect(from: usize, to: usize, stride: usize, width: i32, height: i32): void {
  const bytes = (<usize>width) << 2
  for (let row: i32 = 0; row < height; row++) memory.copy(to + stride * row, from + stride * row, bytes)
}
