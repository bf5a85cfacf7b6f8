/** What differs between two pictures, and what only moved. */

/** The number of equal pixels at the start of two runs of at most `limit`. */
export function equalPixels(a: usize, b: usize, limit: i32): i32 {
  let at: i32 = 0
  while (at + 4 <= limit) {
    const offset = (<usize>at) << 2
    const differs = v128.not(i32x4.eq(v128.load(a + offset), v128.load(b + offset)))
    if (v128.any_true(differs)) return at + ctz(i32x4.bitmask(differs))
    at += 4
  }
  while (at < limit && load<u32>(a + ((<usize>at) << 2)) == load<u32>(b + ((<usize>at) << 2))) at++
  return at
}

/** The number of pixels at the start of a run of at most `limit` that have one colour. */
export function pixelsOfColour(a: usize, colour: u32, limit: i32): i32 {
  const wanted = i32x4.splat(colour)
  let at: i32 = 0
  while (at + 4 <= limit) {
    const differs = v128.not(i32x4.eq(v128.load(a + ((<usize>at) << 2)), wanted))
    if (v128.any_true(differs)) return at + ctz(i32x4.bitmask(differs))
    at += 4
  }
  while (at < limit && load<u32>(a + ((<usize>at) << 2)) == colour) at++
  return at
}

/** What `equalPixels` says, or up to 15 less: 16 at a time, for long runs of which most are equal. */
function nearlyEqualPixels(a: usize, b: usize, limit: i32): i32 {
  let at: i32 = 0
  while (at + 16 <= limit) {
    const offset = (<usize>at) << 2
    const upper = v128.or(
      v128.xor(v128.load(a + offset), v128.load(b + offset)),
      v128.xor(v128.load(a + offset, 16), v128.load(b + offset, 16)),
    )
    const lower = v128.or(
      v128.xor(v128.load(a + offset, 32), v128.load(b + offset, 32)),
      v128.xor(v128.load(a + offset, 48), v128.load(b + offset, 48)),
    )
    if (v128.any_true(v128.or(upper, lower))) break
    at += 16
  }
  return at
}

function differenceOfRow(a: usize, b: usize, width: i32): i32 {
  const near = nearlyEqualPixels(a, b, width)
  const first = near + equalPixels(a + ((<usize>near) << 2), b + ((<usize>near) << 2), width - near)
  if (first == width) return -1
  let end = width
  while (end - 4 > first) {
    const offset = (<usize>(end - 4)) << 2
    if (v128.any_true(v128.xor(v128.load(a + offset), v128.load(b + offset)))) break
    end -= 4
  }
  return (first << 16) | end
}

/** For each row, where the two pictures differ, as `convertRows` says it. */
export function compareRows(a: usize, b: usize, stride: usize, width: i32, rows: i32, changes: usize): void {
  for (let row: i32 = 0; row < rows; row++) {
    store<i32>(changes + ((<usize>row) << 2), differenceOfRow(a, b, width))
    a += stride
    b += stride
  }
}

const PRIME: v128 = i32x4.splat(0x01000193)

function hashPixels(at: usize, width: i32): i32 {
  let even = i32x4.splat(0x2f0b4c47)
  let odd = i32x4.splat(0x15a4e35d)
  const end = at + ((<usize>width) << 2)
  while (at + 32 <= end) {
    even = v128.xor(i32x4.mul(even, PRIME), v128.load(at))
    odd = v128.xor(i32x4.mul(odd, PRIME), v128.load(at, 16))
    at += 32
  }
  const both = i32x4.add(i32x4.mul(even, PRIME), odd)
  let hash = i32x4.extract_lane(both, 0)
  hash = rotl<u32>(hash, 7) * 0x9e3779b1 + i32x4.extract_lane(both, 1)
  hash = rotl<u32>(hash, 7) * 0x9e3779b1 + i32x4.extract_lane(both, 2)
  hash = rotl<u32>(hash, 7) * 0x9e3779b1 + i32x4.extract_lane(both, 3)
  while (at < end) {
    hash = rotl<u32>(hash, 7) * 0x9e3779b1 + load<u32>(at)
    at += 4
  }
  return hash ^ (hash >> 15)
}

/** One hash for each of `segments` equal parts of each row, row by row; `width` is a multiple of `segments`. */
export function hashRows(at: usize, stride: usize, width: i32, rows: i32, segments: i32, hashes: usize): void {
  const part = width / segments
  for (let row: i32 = 0; row < rows; row++) {
    for (let segment: i32 = 0; segment < segments; segment++) {
      store<i32>(hashes, hashPixels(at + ((<usize>(segment * part)) << 2), part))
      hashes += 4
    }
    at += stride
  }
}

/** Moves a rectangle inside one picture; source and target may overlap. */
export function moveRows(from: usize, to: usize, stride: usize, width: i32, rows: i32): void {
  const bytes = (<usize>width) << 2
  if (to <= from) {
    for (let row: i32 = 0; row < rows; row++) memory.copy(to + stride * row, from + stride * row, bytes)
  } else {
    for (let row: i32 = rows - 1; row >= 0; row--) memory.copy(to + stride * row, from + stride * row, bytes)
  }
}
