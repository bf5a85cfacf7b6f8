/** R, G, B, A to the planes of I420 in BT.601's limited range, with the constants of libyuv: what libwebrtc's encoders expect. */

function luma(r: v128, g: v128, b: v128): v128 {
  const sum = i16x8.add(
    i16x8.add(i16x8.mul(r, i16x8.splat(66)), i16x8.mul(g, i16x8.splat(129))),
    i16x8.add(i16x8.mul(b, i16x8.splat(25)), i16x8.splat(128)),
  )
  return i16x8.add(i16x8.shr_u(sum, 8), i16x8.splat(16))
}

function chroma(plus: v128, plusFactor: i16, a: v128, aFactor: i16, b: v128, bFactor: i16): v128 {
  const sum = i16x8.add(
    i16x8.mul(plus, i16x8.splat(plusFactor)),
    i16x8.sub(i16x8.splat(128), i16x8.add(i16x8.mul(a, i16x8.splat(aFactor)), i16x8.mul(b, i16x8.splat(bFactor)))),
  )
  return i16x8.add(i16x8.shr_s(sum, 8), i16x8.splat(128))
}

/** The bytes number 0, 4, 8 and 12 of two blocks as 16-bit lanes. */
function channel(low: v128, high: v128, shift: i32): v128 {
  const mask = i32x4.splat(0xff)
  return i16x8.narrow_i32x4_u(v128.and(i32x4.shr_u(low, shift), mask), v128.and(i32x4.shr_u(high, shift), mask))
}

function meanOfFour(top: v128, bottom: v128): v128 {
  const sum = i32x4.add(i32x4.extadd_pairwise_i16x8_u(top), i32x4.extadd_pairwise_i16x8_u(bottom))
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(2)), 2)
}

/** Two rows of 8 pixels, of which the chroma planes get 4. */
function convertBlock(top: usize, bottom: usize, yTop: usize, yBottom: usize, u: usize, v: usize): void {
  const t0 = v128.load(top)
  const t1 = v128.load(top, 16)
  const b0 = v128.load(bottom)
  const b1 = v128.load(bottom, 16)
  const rt = channel(t0, t1, 0)
  const gt = channel(t0, t1, 8)
  const bt = channel(t0, t1, 16)
  const rb = channel(b0, b1, 0)
  const gb = channel(b0, b1, 8)
  const bb = channel(b0, b1, 16)
  const zero = i16x8.splat(0)
  v128.store64_lane(yTop, i8x16.narrow_i16x8_u(luma(rt, gt, bt), zero), 0)
  v128.store64_lane(yBottom, i8x16.narrow_i16x8_u(luma(rb, gb, bb), zero), 0)
  const r = i16x8.narrow_i32x4_u(meanOfFour(rt, rb), zero)
  const g = i16x8.narrow_i32x4_u(meanOfFour(gt, gb), zero)
  const b = i16x8.narrow_i32x4_u(meanOfFour(bt, bb), zero)
  v128.store32_lane(u, i8x16.narrow_i16x8_u(chroma(b, 112, r, 38, g, 74), zero), 0)
  v128.store32_lane(v, i8x16.narrow_i16x8_u(chroma(r, 112, g, 94, b, 18), zero), 0)
}

/**
 * Converts `width` × `rows` pixels, both even and the width at least 8; the last block of a row overlaps the one before it where the width isn't a multiple
 * of 8. `y`, `u` and `v` are where the first row goes; the planes' rows are `yStride` and `yStride / 2` bytes.
 */
export function toI420(
  source: usize,
  stride: usize,
  width: i32,
  rows: i32,
  y: usize,
  yStride: usize,
  u: usize,
  v: usize,
): void {
  for (let row: i32 = 0; row < rows; row += 2) {
    let x: i32 = 0
    while (true) {
      const offset = (<usize>x) << 2
      const half = <usize>x >> 1
      convertBlock(source + offset, source + stride + offset, y + x, y + yStride + x, u + half, v + half)
      if (x >= width - 8) break
      x += 8
      if (x > width - 8) x = width - 8
    }
    source += stride << 1
    y += yStride << 1
    u += yStride >> 1
    v += yStride >> 1
  }
}
