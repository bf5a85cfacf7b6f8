import type { Rect } from './rect.ts'

/** Unchanged rows between two changes that aren't worth splitting a rectangle for. */
const ROW_GAP = 16

/** Gathers changed rows into rectangles. */
export class ChangedBands {
  readonly #rects: Rect[] = []
  readonly #within: Rect
  #top = 0
  #bottom = 0
  #left = 0
  #right = 0

  constructor(within: Rect) {
    this.#within = within
  }

  /** Rows come from top to bottom; `changes` has for each what the kernel says: negative, or start and end of the change from the left of the rectangle. */
  addRows(firstRow: number, changes: Int32Array): void {
    for (let at = 0; at < changes.length; at++) {
      const change = changes[at] as number
      if (change >= 0) this.#add(firstRow + at, change >>> 16, change & 0xffff)
    }
  }

  finish(): Rect[] {
    const { x, y } = this.#within
    const width = this.#right - this.#left
    const height = this.#bottom - this.#top
    if (height > 0) this.#rects.push({ x: x + this.#left, y: y + this.#top, width, height })
    this.#top = this.#bottom
    return this.#rects
  }

  #add(row: number, start: number, end: number): void {
    if (row - this.#bottom >= ROW_GAP) this.finish()
    if (this.#bottom === this.#top) {
      this.#top = row
      this.#left = start
      this.#right = end
    }
    this.#bottom = row + 1
    this.#left = Math.min(this.#left, start)
    this.#right = Math.max(this.#right, end)
  }
}
