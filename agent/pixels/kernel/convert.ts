/** From what a display holds to what is compared and sent: B, G, R, X becomes R, G, B, 255. */

const BYTES_PER_PIXEL: usize = 4
const ALL_ONES: v128 = i8x16.splat(-1)

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

/**
 * Converts one row and answers what differs from before: the first changed pixel in the upper 16 bits and the end of the last change
 * in the lower, both up to 3 pixels generous; negative when nothing does. The last block overlaps the one before it where the width isn't a multiple of 4.
 */
function convertRow(source: usize, target: usize, width: i32): i32 {
  const last = width - 4
  let first: i32 = -1
  let end: i32 = 0
  let at: i32 = 0
  if (last < 0) return convertFewPixels(source, target, width)
  while (true) {
    const offset = <usize>at * BYTES_PER_PIXEL
    const block = rgbaOf(v128.load(source + offset))
    if (v128.any_true(v128.xor(block, v128.load(target + offset)))) {
      v128.store(target + offset, block)
      if (first < 0) first = at
      end = at + 4
    }
    if (at >= last) break
    at += 4
    if (at > last) at = last
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
