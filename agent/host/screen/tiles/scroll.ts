import type { KnownPicture } from '../../../pixels/known-picture.ts'
import type { Rect } from '../../../platform/platform.ts'

const MIN_WIDTH = 128
const MIN_HEIGHT = 64
/** The hashes of both pictures' rows have to fit into the surface's strip. */
const MAX_HEIGHT = 8_000

/** A row is looked at in this many parts, so that something beside the scrolled rows doesn't hide them. */
const SEGMENTS = 8

/** Of the parts of rows, this many must have moved the same way. */
const MIN_SHARE = 0.3
const TABLE_SIZE = 16_384

/** After more searches in vain than this, twice as many changes are let go by each time, up to the most: what doesn't scroll now may scroll later. */
const PATIENCE = 3
const REST_MAX = 16

/** Finds by how many rows a rectangle as a whole was scrolled, however far. */
export class ScrollSearch {
  readonly #table = new Int32Array(TABLE_SIZE)
  #rest = 0
  #failures = 0

  /** Rows downwards; 0 when it wasn't. */
  shiftOf(picture: KnownPicture, rect: Rect): number {
    const area = { ...rect, width: rect.width - (rect.width % SEGMENTS) }
    if (area.width < MIN_WIDTH || area.height < MIN_HEIGHT || area.height > MAX_HEIGHT) return 0
    if (this.#rest-- > 0) return 0
    const { known, current } = picture.hashes(area, SEGMENTS)
    const shift = this.#mostFrequentShift(known, current, area.height)
    const isFound = shift !== 0 && matches(known, current, area.height, shift) >= MIN_SHARE * area.height * SEGMENTS
    this.#failures = isFound ? 0 : this.#failures + 1
    this.#rest = this.#failures <= PATIENCE ? 0 : Math.min(REST_MAX, 2 ** (this.#failures - PATIENCE))
    return isFound ? shift : 0
  }

  #mostFrequentShift(known: Int32Array, current: Int32Array, height: number): number {
    const votes = new Map<number, number>()
    for (let segment = 0; segment < SEGMENTS; segment += 3) {
      this.#table.fill(0)
      for (let row = 0; row < height; row++) {
        const slot = slotOf(known[row * SEGMENTS + segment] as number)
        // Rows that look the same, as blank ones do, say nothing.
        this.#table[slot] = this.#table[slot] === 0 ? row + 1 : -1
      }
      for (let row = 0; row < height; row++) {
        const hash = current[row * SEGMENTS + segment] as number
        const before = (this.#table[slotOf(hash)] as number) - 1
        if (before < 0 || before === row || known[before * SEGMENTS + segment] !== hash) continue
        votes.set(row - before, (votes.get(row - before) ?? 0) + 1)
      }
    }
    let best = 0
    for (const [shift, count] of votes) if (count > (votes.get(best) ?? 0)) best = shift
    return best
  }
}

const slotOf = (hash: number): number => (hash ^ (hash >>> 16)) & (TABLE_SIZE - 1)

/** How many parts of rows are now where `shift` would have moved them. */
function matches(known: Int32Array, current: Int32Array, height: number, shift: number): number {
  let count = 0
  const first = Math.max(0, shift)
  const end = Math.min(height, height + shift)
  for (let at = first * SEGMENTS; at < end * SEGMENTS; at++) {
    if (current[at] === known[at - shift * SEGMENTS]) count++
  }
  return count
}
