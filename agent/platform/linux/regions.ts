import { areaOf, hullOf } from '../../pixels/rect.ts'
import type { Rect } from '../platform.ts'

/** Reading one more rectangle costs as much as reading this many pixels more (60 µs against 2 ns a pixel, measured). */
const PIXELS_PER_REQUEST = 30_000

/** With more rectangles than this, sorting them out costs more than their pixels. */
const MAX_RECTANGLES = 128

/** SIMD blocks are 4 pixels wide. */
const BLOCK_PIXELS = 4

/** What to read so that all of `damaged` is covered at the least cost. All rectangles lie inside `bounds` and don't add up to more than it. */
export function planReads(damaged: readonly Rect[], bounds: Rect): Rect[] {
  const clipped = damaged.map(rect => clip(rect, bounds)).filter(rect => rect !== undefined)
  if (clipped.length > MAX_RECTANGLES) return [alignToBlocks(hullOf(clipped), bounds)]
  const merged = mergeNear(clipped).map(rect => alignToBlocks(rect, bounds))
  return areaOfAll(merged) > 0.8 * areaOf(bounds) ? [bounds] : merged
}

export const areaOfAll = (rects: readonly Rect[]): number => rects.reduce((sum, rect) => sum + areaOf(rect), 0)

/** Whether each of `inner` lies in one of `outer`. */
export function covers(outer: readonly Rect[], inner: readonly Rect[]): boolean {
  return inner.every(rect => outer.some(other => contains(other, rect)))
}

function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

function mergeNear(rects: readonly Rect[]): Rect[] {
  const merged: Rect[] = []
  for (const rect of rects) {
    let grown = rect
    for (let at = merged.length - 1; at >= 0; at--) {
      const other = merged[at] as Rect
      const both = hullOf([grown, other])
      if (areaOf(both) > areaOf(grown) + areaOf(other) + PIXELS_PER_REQUEST) continue
      merged.splice(at, 1)
      grown = both
    }
    merged.push(grown)
  }
  return merged
}

function clip(rect: Rect, bounds: Rect): Rect | undefined {
  const x = Math.max(rect.x, bounds.x)
  const y = Math.max(rect.y, bounds.y)
  const width = Math.min(rect.x + rect.width, bounds.x + bounds.width) - x
  const height = Math.min(rect.y + rect.height, bounds.y + bounds.height) - y
  return width > 0 && height > 0 ? { x, y, width, height } : undefined
}

function alignToBlocks(rect: Rect, bounds: Rect): Rect {
  const left = Math.floor((rect.x - bounds.x) / BLOCK_PIXELS) * BLOCK_PIXELS
  const right = Math.ceil((rect.x + rect.width - bounds.x) / BLOCK_PIXELS) * BLOCK_PIXELS
  const end = Math.min(right, bounds.width)
  const start = Math.max(Math.min(left, end - BLOCK_PIXELS), 0)
  return { x: bounds.x + start, y: rect.y, width: end - start, height: rect.height }
}
