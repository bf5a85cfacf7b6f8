import { equalPixels } from './compare'

/** Finding what moved: where a short run of pixels was before, and which blocks of a picture a movement explains. */

/** An anchor is this many pixels of one row. */
const ANCHOR_PIXELS: i32 = 32
const BLOCK: i32 = 16

/**
 * Looks for the anchor at `anchor` in another picture around the same place, `at`, from `minDx`, `minDy` to `maxDx`, `maxDy` (both included, and inside of that
 * picture). Writes the displacement of each find as two 16-bit numbers, dx first, at most `capacity` of them, and answers how many.
 */
export function findAnchor(
  anchor: usize,
  at: usize,
  stride: usize,
  minDx: i32,
  maxDx: i32,
  minDy: i32,
  maxDy: i32,
  out: usize,
  capacity: i32,
): i32 {
  const start = v128.load(anchor)
  let found: i32 = 0
  for (let dy = minDy; dy <= maxDy; dy++) {
    const row = at + <usize>(dy * <i32>stride)
    for (let dx = minDx; dx <= maxDx; dx++) {
      const place = row + <usize>(dx << 2)
      if (v128.any_true(v128.xor(start, v128.load(place)))) continue
      if (equalPixels(anchor, place, ANCHOR_PIXELS) != ANCHOR_PIXELS) continue
      if (found == capacity) return found
      store<i16>(out, <i16>dx)
      store<i16>(out, <i16>dy, 2)
      out += 4
      found++
    }
  }
  return found
}

// Two rows stand for a block: what is wrong about the others is put right afterwards.
function isBlockEqual(a: usize, b: usize, stride: usize): bool {
  const upper = stride * 4
  const lower = stride * 11
  return equalPixels(a + upper, b + upper, BLOCK) == BLOCK && equalPixels(a + lower, b + lower, BLOCK) == BLOCK
}

/**
 * For each block of 16 × 16 pixels of `current`, `columns` × `rows` of them: bit 0 is set when it is as in `known`, bit 1 when it is as in `moved`, which is
 * the same picture some way off. One byte a block.
 */
export function compareBlocks(
  current: usize,
  known: usize,
  moved: usize,
  stride: usize,
  columns: i32,
  rows: i32,
  out: usize,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    const start = stride * (row * BLOCK)
    for (let column: i32 = 0; column < columns; column++) {
      const offset = start + <usize>(column * BLOCK * 4)
      const stays = isBlockEqual(current + offset, known + offset, stride)
      const moves = isBlockEqual(current + offset, moved + offset, stride)
      store<u8>(out++, (stays ? 1 : 0) | (moves ? 2 : 0))
    }
  }
}

/** Whether two rectangles of one size are equal. */
export function areEqual(a: usize, b: usize, stride: usize, width: i32, rows: i32): bool {
  for (let row: i32 = 0; row < rows; row++) {
    if (equalPixels(a, b, width) != width) return false
    a += stride
    b += stride
  }
  return true
}
