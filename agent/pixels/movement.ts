import type { Rect } from './rect.ts'
import type { Surface } from './surface.ts'

/** An anchor is a run of this many pixels in one row. */
const ANCHOR_PIXELS = 32
/** Fewer changes of colour than this in a run are found everywhere. */
const ANCHOR_MIN_EDGES = 6
const ANCHOR_COLUMNS = 10
const ANCHOR_ROWS = 6
/** Rows of a cell that are looked at for an anchor. */
const ROWS_TRIED = 4

/** What moves by itself moves no further than this between two frames. */
const REACH_X = 72
const REACH_Y = 40
const FINDS_MAX = 8

const BLOCK = 16
const STAYS = 1
const MOVES = 2
/** Blocks that don't agree lie between parts of one window: an empty area, a caret. */
const GAP_BLOCKS = 3
/** A movement must explain this many more blocks than it breaks. */
const GAIN_MIN_BLOCKS = 12

/** The pixels of `from` are now `dx`, `dy` further. */
export interface Movement {
  readonly from: Rect
  readonly dx: number
  readonly dy: number
}

export interface Shift {
  readonly dx: number
  readonly dy: number
}

/** Compares the picture of a surface with the known one for parts that only moved. */
export class MovementSearch {
  readonly #surface: Surface
  readonly #words: Uint32Array
  readonly #finds: Int16Array

  constructor(surface: Surface) {
    this.#surface = surface
    this.#words = new Uint32Array(surface.memory.buffer)
    this.#finds = new Int16Array(surface.memory.buffer, surface.layout.strip, FINDS_MAX * 2)
  }

  /** Shifts that explain what is inside of `band`, the likeliest first. */
  shifts(band: Rect): Shift[] {
    const votes = new Map<number, number>()
    for (const anchor of this.#anchors(band)) {
      const count = this.#find(anchor)
      // What is found in many places says little about each of them.
      for (let at = 0; at < count; at++) {
        const key = keyOf({ dx: -(this.#finds[at * 2] as number), dy: -(this.#finds[at * 2 + 1] as number) })
        votes.set(key, (votes.get(key) ?? 0) + 1 / count)
      }
    }
    return [...votes]
      .filter(([key, count]) => count >= 2 && key !== keyOf({ dx: 0, dy: 0 }))
      .sort((a, b) => b[1] - a[1])
      .map(([key]) => shiftOf(key))
  }

  /** The rectangle that `shift` explains best inside of `band`; undefined when it isn't worth it. */
  explain(band: Rect, { dx, dy }: Shift): Movement | undefined {
    const area = this.#reachable(band, dx, dy)
    const columns = Math.floor(area.width / BLOCK)
    const rows = Math.floor(area.height / BLOCK)
    if (columns < 1 || rows < 1) return undefined
    const { kernel, layout, strideBytes, memory } = this.#surface
    const known = this.#surface.addressOf(layout.known, area.x, area.y)
    const moved = this.#surface.addressOf(layout.known, area.x - dx, area.y - dy)
    const current = this.#surface.addressOf(layout.current, area.x, area.y)
    kernel.compareBlocks(current, known, moved, strideBytes, columns, rows, layout.strip)
    const blocks = new Uint8Array(memory.buffer, layout.strip, columns * rows)
    const box = gainingBox(blocks, columns, rows)
    if (!box) return undefined
    const target = {
      x: area.x + box.x * BLOCK,
      y: area.y + box.y * BLOCK,
      width: box.width * BLOCK,
      height: box.height * BLOCK,
    }
    const grown = this.#grown(target, area, dx, dy)
    return { from: { ...grown, x: grown.x - dx, y: grown.y - dy }, dx, dy }
  }

  #anchors(band: Rect): { x: number; y: number }[] {
    const anchors: { x: number; y: number }[] = []
    const cellWidth = Math.max(ANCHOR_PIXELS, Math.floor(band.width / ANCHOR_COLUMNS))
    const cellHeight = Math.max(ROWS_TRIED, Math.floor(band.height / ANCHOR_ROWS))
    for (let y = band.y; y + cellHeight <= band.y + band.height; y += cellHeight) {
      for (let x = band.x; x + cellWidth <= band.x + band.width; x += cellWidth) {
        const row = this.#tellingRow(x + ((cellWidth - ANCHOR_PIXELS) >> 1), y, cellHeight)
        if (row !== undefined) anchors.push({ x: x + ((cellWidth - ANCHOR_PIXELS) >> 1), y: row })
      }
    }
    return anchors
  }

  /** A row of the cell in which the run at `x` has changed and can be told from others. */
  #tellingRow(x: number, top: number, height: number): number | undefined {
    const { layout } = this.#surface
    for (let tried = 0; tried < ROWS_TRIED; tried++) {
      const y = top + Math.floor(((tried + 0.5) * height) / ROWS_TRIED)
      const current = this.#surface.addressOf(layout.current, x, y) >>> 2
      const known = this.#surface.addressOf(layout.known, x, y) >>> 2
      let edges = 0
      let hasChanged = this.#words[current] !== this.#words[known]
      for (let at = 1; at < ANCHOR_PIXELS; at++) {
        if (this.#words[current + at] !== this.#words[current + at - 1]) edges++
        hasChanged ||= this.#words[current + at] !== this.#words[known + at]
      }
      if (hasChanged && edges >= ANCHOR_MIN_EDGES) return y
    }
    return undefined
  }

  #find({ x, y }: { x: number; y: number }): number {
    const { kernel, layout, strideBytes, width, height } = this.#surface
    return kernel.findAnchor(
      this.#surface.addressOf(layout.current, x, y),
      this.#surface.addressOf(layout.known, x, y),
      strideBytes,
      -Math.min(REACH_X, x),
      Math.min(REACH_X, width - ANCHOR_PIXELS - x),
      -Math.min(REACH_Y, y),
      Math.min(REACH_Y, height - 1 - y),
      layout.strip,
      FINDS_MAX,
    )
  }

  /** The part of `band` whose pixels can have come from inside of the picture. */
  #reachable(band: Rect, dx: number, dy: number): Rect {
    const { width, height } = this.#surface
    const x = Math.max(band.x, dx)
    const y = Math.max(band.y, dy)
    const right = Math.min(band.x + band.width, width + dx)
    const bottom = Math.min(band.y + band.height, height + dy)
    return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) }
  }

  /** Grows the rectangle over the rows and columns beside it that moved too: windows don't end where blocks do. */
  #grown(target: Rect, within: Rect, dx: number, dy: number): Rect {
    let { x, y, width, height } = target
    const right = within.x + within.width
    const bottom = within.y + within.height
    const fits = (left: number, top: number, columns: number, rows: number) =>
      this.#hasMoved({ x: left, y: top, width: columns, height: rows }, dx, dy)
    for (let step = 0; step < BLOCK && x > within.x && fits(x - 1, y, 1, height); step++, x--) width++
    for (let step = 0; step < BLOCK && x + width < right && fits(x + width, y, 1, height); step++) width++
    for (let step = 0; step < BLOCK && y > within.y && fits(x, y - 1, width, 1); step++, y--) height++
    for (let step = 0; step < BLOCK && y + height < bottom && fits(x, y + height, width, 1); step++) height++
    return { x, y, width, height }
  }

  #hasMoved({ x, y, width, height }: Rect, dx: number, dy: number): boolean {
    const { kernel, layout, strideBytes } = this.#surface
    const current = this.#surface.addressOf(layout.current, x, y)
    const known = this.#surface.addressOf(layout.known, x - dx, y - dy)
    return kernel.areEqual(current, known, strideBytes, width, height) !== 0
  }
}

const keyOf = ({ dx, dy }: Shift): number => (dy + 0x4000) * 0x8000 + dx + 0x4000
const shiftOf = (key: number): Shift => ({ dx: (key % 0x8000) - 0x4000, dy: Math.floor(key / 0x8000) - 0x4000 })

/** The box around the largest group of blocks that a shift explains and that staying doesn't, in blocks. */
function gainingBox(blocks: Uint8Array, columns: number, rows: number): Rect | undefined {
  const seen = new Uint8Array(blocks.length)
  let best: { box: Rect; gain: number } | undefined
  for (let start = 0; start < blocks.length; start++) {
    if (seen[start] || !gains(blocks[start] as number)) continue
    const box = groupFrom(start, blocks, seen, columns, rows)
    const gain = gainOf(box, blocks, columns)
    if (gain >= GAIN_MIN_BLOCKS && gain > (best?.gain ?? 0)) best = { box, gain }
  }
  return best?.box
}

const gains = (block: number): boolean => block === MOVES
const loses = (block: number): boolean => block === STAYS

/** Walks over the group of gaining blocks, over gaps, and marks them as seen. */
function groupFrom(start: number, blocks: Uint8Array, seen: Uint8Array, columns: number, rows: number): Rect {
  const waiting = [start]
  seen[start] = 1
  let [left, top, right, bottom] = [columns, rows, 0, 0]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const x = at % columns
    const y = Math.floor(at / columns)
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
    for (let nearY = Math.max(0, y - GAP_BLOCKS); nearY <= Math.min(rows - 1, y + GAP_BLOCKS); nearY++) {
      for (let nearX = Math.max(0, x - GAP_BLOCKS); nearX <= Math.min(columns - 1, x + GAP_BLOCKS); nearX++) {
        const near = nearY * columns + nearX
        if (seen[near] || !gains(blocks[near] as number)) continue
        seen[near] = 1
        waiting.push(near)
      }
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function gainOf(box: Rect, blocks: Uint8Array, columns: number): number {
  let gain = 0
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const block = blocks[y * columns + x] as number
      if (gains(block)) gain++
      else if (loses(block)) gain--
    }
  }
  return gain
}
