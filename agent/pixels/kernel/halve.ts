function meanOfBytes(a: v128, b: v128): v128 {
  return i8x16.avgr_u(a, b)
}

/**
 * Makes `rows` rows of a picture of half the size out of twice as many, each pixel the mean of four. `width` is of the result and at least 4; its last block
 * overlaps the one before it where it isn't a multiple of 4.
 */
export function halve(
  source: usize,
  sourceStride: usize,
  target: usize,
  targetStride: usize,
  width: i32,
  rows: i32,
): void {
  for (let row: i32 = 0; row < rows; row++) {
    let x: i32 = 0
    while (true) {
      const from = source + ((<usize>x) << 3)
      const left = meanOfBytes(v128.load(from), v128.load(from + sourceStride))
      const right = meanOfBytes(v128.load(from, 16), v128.load(from + sourceStride, 16))
      const even = v128.shuffle<u32>(left, right, 0, 2, 4, 6)
      const odd = v128.shuffle<u32>(left, right, 1, 3, 5, 7)
      v128.store(target + ((<usize>x) << 2), meanOfBytes(even, odd))
      if (x >= width - 4) break
      x += 4
      if (x > width - 4) x = width - 4
    }
    source += sourceStride << 1
    target += targetStride
  }
}
