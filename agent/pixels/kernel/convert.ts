/** From what a display holds to what is compared and sent: B, G, R, X becomes R, G, B, 255. */

const BYTES_PER_PIXEL: usize = 4
const ALL_ONES: v128 = i8x16.splat(-1)
const NONE: v128 = i8x16.splat(0)

// Lane 16 is the first byte of ALL_ONES: the alpha of every pixel.
function rgbaOf(bgrx: v128): v128 {
  return v128.shuffle<u8>(bgrx, ALL_ONES, 2, 1, 0, 16, 6, 5, 4, 16, 10, 9, 8, 16, 14, 13, 12, 16)
}

function convertFewPixels(source: usize, target: usize, width: i32): i32 {
  let changed: i32 = -1
  for (let at: usize = 0; at < <usize>width; at++) {
    const bgrx = load<u32>(source + (at << 2))
    const pixel = 0xff000000 | ((bgrx & 0xff) << 16) | (bgrx & 0xff00) | ((bgrx >> 16) & 0xff)
    if (load<u32>(target + (at << 2)) == pixel) continue
    store<u32>(target + (at << 2), pixel)
    changed = width
  }
  return changed
}

/** In pixels, where the first of four blocks is that changed. */
function firstOfFour(ab: v128, a: v128, c: v128): i32 {
  if (v128.any_true(ab)) return v128.any_true(a) ? 0 : 4
  return v128.any_true(c) ? 8 : 12
}

/** How many pixels there are after the last of four blocks that changed. */
function unchangedOfFour(cd: v128, d: v128, b: v128): i32 {
  if (v128.any_true(cd)) return v128.any_true(d) ? 0 : 4
  return v128.any_true(b) ? 8 : 12
}

/**
 * Converts one row and answers what differs from before: the first changed pixel in the upper 16 bits and the end of the last change in the lower, both up to
 * 3 pixels generous; negative when nothing does. Four blocks of four pixels go together: text changes here and there, and to ask at every block whether
 * it did is guessed wrongly by the processor more often than not. The last block overlaps the one before it where the width isn't a multiple of 4.
 */
function convertRow(source: usize, target: usize, width: i32): i32 {
  const last = width - 4
  let first: i32 = -1
  let end: i32 = 0
  let at: i32 = 0
  let lastB = NONE
  let lastCD = NONE
  let lastD = NONE
  if (last < 0) return convertFewPixels(source, target, width)
  while (at + 16 <= width) {
    const offset = <usize>at * BYTES_PER_PIXEL
    const a = rgbaOf(v128.load(source + offset))
    const b = rgbaOf(v128.load(source + offset, 16))
    const c = rgbaOf(v128.load(source + offset, 32))
    const d = rgbaOf(v128.load(source + offset, 48))
    const changedA = v128.xor(a, v128.load(target + offset))
    const changedB = v128.xor(b, v128.load(target + offset, 16))
    const changedC = v128.xor(c, v128.load(target + offset, 32))
    const changedD = v128.xor(d, v128.load(target + offset, 48))
    const changedAB = v128.or(changedA, changedB)
    const changedCD = v128.or(changedC, changedD)
    if (v128.any_true(v128.or(changedAB, changedCD))) {
      v128.store(target + offset, a)
      v128.store(target + offset, b, 16)
      v128.store(target + offset, c, 32)
      v128.store(target + offset, d, 48)
      if (first < 0) first = at + firstOfFour(changedAB, changedA, changedC)
      end = at + 16
      lastB = changedB
      lastCD = changedCD
      lastD = changedD
    }
    at += 16
  }
  if (end > 0) end -= unchangedOfFour(lastCD, lastD, lastB)
  while (at < width) {
    if (at > last) at = last
    const offset = <usize>at * BYTES_PER_PIXEL
    const block = rgbaOf(v128.load(source + offset))
    if (v128.any_true(v128.xor(block, v128.load(target + offset)))) {
      v128.store(target + offset, block)
      if (first < 0) first = at
      end = at + 4
    }
    at += 4
  }
  return (first << 16) | end
}

/** Converts `rows` rows; `changes` gets one number for each as `convertRow` says. */
export function convertRows(
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
  width: i32,
  rows: i32,
  changes: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    store<i32>(changes + ((<usize>row) << 2), convertRow(source, target, width))
    source += sourceStride
    target += targetStride
  }
}
