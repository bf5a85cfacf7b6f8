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
  const first = i32x4.splat(load<i32>(anchor))
  const second = i32x4.splat(load<i32>(anchor, 4))
  const third = i32x4.splat(load<i32>(anchor, 8))
  let found: i32 = 0
  for (let dy = minDy; dy <= maxDy; dy++) {
    const row = at + <usize>(dy * <i32>stride)
    let dx = minDx
    // Four places at once, of which hardly any begins as the anchor does.
    while (dx <= maxDx) {
      const place = row + <usize>(dx << 2)
      const likely = v128.and(
        v128.and(i32x4.eq(v128.load(place), first), i32x4.eq(v128.load(place, 4), second)),
        i32x4.eq(v128.load(place, 8), third),
      )
      if (v128.any_true(likely)) {
        const end = min(dx + 4, maxDx + 1)
        for (let tried = dx; tried < end; tried++) {
          if (equalPixels(anchor, row + <usize>(tried << 2), ANCHOR_PIXELS) != ANCHOR_PIXELS) continue
          if (found == capacity) return found
          store<i16>(out, <i16>tried)
          store<i16>(out, <i16>dy, 2)
          out += 4
          found++
        }
      }
      dx += 4
    }
  }
  return found
}

// All of a block's run at once: where the first difference lies doesn't matter, and to stop there is guessed wrongly too often.
function differenceOfRun(a: usize, b: usize): v128 {
  const left = v128.or(v128.xor(v128.load(a), v128.load(b)), v128.xor(v128.load(a, 16), v128.load(b, 16)))
  const right = v128.or(v128.xor(v128.load(a, 32), v128.load(b, 32)), v128.xor(v128.load(a, 48), v128.load(b, 48)))
  return v128.or(left, right)
}

// Two rows stand for a block: what is wrong about the others is put right afterwards.
function isBlockEqual(a: usize, b: usize, stride: usize): i32 {
  const upper = stride * 4
  const lower = stride * 11
  return i32(!v128.any_true(v128.or(differenceOfRun(a + upper, b + upper), differenceOfRun(a + lower, b + lower))))
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
      store<u8>(out++, stays | (moves << 1))
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
