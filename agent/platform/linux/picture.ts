/// <reference path="./webassembly.d.ts" />
import type { Rect } from '../platform.ts'
import { instantiateRowFunction, type RowFunction } from './pixel-kernel.ts'
import { convertRowInJavaScript } from './pixels.ts'

/** Half a megabyte: the raw rows are still in the processor's cache when they are converted. */
const STRIP_BYTES = 512 * 1024
const PAGE_BYTES = 65_536
const BYTES_PER_PIXEL = 4

/** Unchanged rows between two changes that aren't worth splitting a rectangle for. */
const ROW_GAP = 16

/** Fills `into` with raw B, G, R, X bytes, starting `offsetBytes` into the rectangle that is being read. */
export type RawReader = (into: Uint8Array, offsetBytes: number) => void

/** The last known picture of a display in R, G, B, A. Its memory is allocated once and never grows. */
export class Picture {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
  readonly #strip: Uint8Array
  readonly #pictureStart: number
  readonly #convertRow: RowFunction

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    const stripBytes = Math.max(STRIP_BYTES, width * BYTES_PER_PIXEL)
    const pictureBytes = width * height * BYTES_PER_PIXEL
    const memory = new WebAssembly.Memory({ initial: Math.ceil((stripBytes + pictureBytes) / PAGE_BYTES) })
    this.#pictureStart = stripBytes
    this.#strip = new Uint8Array(memory.buffer, 0, stripBytes)
    this.pixels = new Uint8Array(memory.buffer, stripBytes, pictureBytes)
    this.#convertRow = pickRowFunction(memory, width)
  }

  /** Takes over the pixels of `rect` (in the picture's coordinates) and answers with the parts of it that differ from before. */
  update(rect: Rect, read: RawReader): Rect[] {
    const rowBytes = rect.width * BYTES_PER_PIXEL
    const rowsPerStrip = Math.floor(this.#strip.length / rowBytes)
    const changes = new ChangedBands(rect)
    for (let row = 0; row < rect.height; row += rowsPerStrip) {
      const rows = Math.min(rowsPerStrip, rect.height - row)
      read(this.#strip.subarray(0, rows * rowBytes), row * rowBytes)
      this.#convertStrip(rect, row, rows, changes)
    }
    return changes.finish()
  }

  #convertStrip(rect: Rect, firstRow: number, rows: number, changes: ChangedBands): void {
    const rowBytes = rect.width * BYTES_PER_PIXEL
    const strideBytes = this.width * BYTES_PER_PIXEL
    let target = this.#pictureStart + (rect.y + firstRow) * strideBytes + rect.x * BYTES_PER_PIXEL
    for (let row = 0; row < rows; row++, target += strideBytes) {
      const changed = this.#convertRow(row * rowBytes, target, rect.width)
      if (changed >= 0) changes.add(firstRow + row, changed >>> 16, changed & 0xffff)
    }
  }
}

/** Gathers changed rows into rectangles. */
class ChangedBands {
  readonly rects: Rect[] = []
  readonly #within: Rect
  #top = 0
  #bottom = 0
  #left = 0
  #right = 0

  constructor(within: Rect) {
    this.#within = within
  }

  /** Rows come from top to bottom; `start` and `end` are pixels from the left of the rectangle. */
  add(row: number, start: number, end: number): void {
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

  finish(): Rect[] {
    const { x, y } = this.#within
    const width = this.#right - this.#left
    const height = this.#bottom - this.#top
    if (height > 0) this.rects.push({ x: x + this.#left, y: y + this.#top, width, height })
    this.#top = this.#bottom
    return this.rects
  }
}

function pickRowFunction(memory: WebAssembly.Memory, width: number): RowFunction {
  const inJavaScript = convertRowInJavaScript(memory)
  if (width < 4) return inJavaScript
  try {
    return instantiateRowFunction(memory)
  } catch {
    // Processors and runtimes without 128-bit SIMD are slower, not unsupported.
    return inJavaScript
  }
}
