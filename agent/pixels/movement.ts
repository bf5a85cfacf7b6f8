import type { Rect } from './rect.ts'
import type { Surface } from './surface.ts'

/** An anchor is a run of this many pixels in one row. */
const ANCHOR_PIXELS = 32
/** Fewer changes of colour than this in a run are found everywhere. */
const ANCHOR_MIN_EDGES = 6
const ANCHOR_COLUMNS = 8
const ANCHOR_ROWS = 6
/** Rows of a cell that are looked at for an anchor, over twice its length. */
const ROWS_TRIED = 4
/** As many anchors that agree are proof enough. */
const VOTES_ENOUGH = 4

/** What moves by itself moves no further than this between two frames, and hardly faster or slower than before. */
const REACH: Reach = { x: 72, y: 40 }
const REACH_AGAIN: Reach = { x: 4, y: 3 }
const FINDS_MAX = 8

const BLOCK = 16
const STAYS = 1
const MOVES = 2
/** Blocks are grouped by cells of this many, so that parts of one window belong together over what lies between them: an empty area, a caret. */
const CELL_BLOCKS = 4
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

interface Reach {
  readonly x: number
  readonly y: number
}

interface Place {
  readonly x: number
  readonly y: number
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

  /** Shifts that explain what is inside of `band`, the likeliest first. `hints` are shifts of the frame before. */
  shifts(band: Rect, hints: readonly Shift[]): Shift[] {
    const votes = new Map<number, number>()
    for (const anchor of this.#anchors(band)) {
      const isFound = hints.some(hint => this.#vote(anchor, hint, REACH_AGAIN, votes))
      if (!isFound) this.#vote(anchor, STILL, REACH, votes)
      if (Math.max(0, ...votes.values()) >= VOTES_ENOUGH) break
    }
    return [...votes]
      .filter(([, count]) => count >= 2)
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

  *#anchors(band: Rect): Generator<Place> {
    const cellWidth = Math.max(ANCHOR_PIXELS * 2, Math.floor(band.width / ANCHOR_COLUMNS))
    const cellHeight = Math.max(ROWS_TRIED, Math.floor(band.height / ANCHOR_ROWS))
    for (let y = band.y; y + cellHeight <= band.y + band.height; y += cellHeight) {
      for (let x = band.x; x + cellWidth <= band.x + band.width; x += cellWidth) {
        const anchor = this.#anchorIn(x + ((cellWidth - ANCHOR_PIXELS * 2) >> 1), y, cellHeight)
        if (anchor) yield anchor
      }
    }
  }

  /** A run that has changed and can be told from others. It begins with an edge, so that the first look at another place mostly settles it. */
  #anchorIn(left: number, top: number, height: number): Place | undefined {
    for (let tried = 0; tried < ROWS_TRIED; tried++) {
      const y = top + Math.floor(((tried + 0.5) * height) / ROWS_TRIED)
      const edge = this.#firstEdge(left, y)
      if (edge !== undefined && this.#canBeTold(edge, y)) return { x: edge, y }
    }
    return undefined
  }

  #firstEdge(left: number, y: number): number | undefined {
    const row = this.#surface.addressOf(this.#surface.layout.current, left, y) >>> 2
    for (let at = 0; at < ANCHOR_PIXELS - 2; at++) {
      if (
        this.#words[row + at + 1] !== this.#words[row + at] &&
        this.#words[row + at + 2] !== this.#words[row + at + 1]
      )
        return left + at
    }
    return undefined
  }

  #canBeTold(x: number, y: number): boolean {
    const { layout } = this.#surface
    const current = this.#surface.addressOf(layout.current, x, y) >>> 2
    const known = this.#surface.addressOf(layout.known, x, y) >>> 2
    let edges = 0
    let hasChanged = false
    for (let at = 1; at < ANCHOR_PIXELS; at++) {
      if (this.#words[current + at] !== this.#words[current + at - 1]) edges++
      hasChanged ||= this.#words[current + at] !== this.#words[known + at]
    }
    return hasChanged && edges >= ANCHOR_MIN_EDGES
  }

  /** Notes where the anchor came from, looking around where `shift` says. Returns false when it was nowhere. */
  #vote({ x, y }: Place, shift: Shift, reach: Reach, votes: Map<number, number>): boolean {
    const count = this.#find({ x, y }, { x: x - shift.dx, y: y - shift.dy }, reach)
    for (let at = 0; at < count; at++) {
      const dx = shift.dx - (this.#finds[at * 2] as number)
      const dy = shift.dy - (this.#finds[at * 2 + 1] as number)
      const key = keyOf({ dx, dy })
      // What is found in many places says little about each of them.
      if (dx !== 0 || dy !== 0) votes.set(key, (votes.get(key) ?? 0) + 1 / count)
    }
    return count > 0
  }

  #find(anchor: Place, around: Place, reach: Reach): number {
    const { kernel, layout, strideBytes, width, height } = this.#surface
    const lastX = width - ANCHOR_PIXELS
    if (around.x < 0 || around.y < 0 || around.x > lastX || around.y >= height) return 0
    return kernel.findAnchor(
      this.#surface.addressOf(layout.current, anchor.x, anchor.y),
      this.#surface.addressOf(layout.known, around.x, around.y),
      strideBytes,
      -Math.min(reach.x, around.x),
      Math.min(reach.x, lastX - around.x),
      -Math.min(reach.y, around.y),
      Math.min(reach.y, height - 1 - around.y),
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
    const toLeft = growth(x - within.x, (by, more) => fits(x - by - more, y, more, height))
    x -= toLeft
    width += toLeft
    width += growth(right - x - width, (by, more) => fits(x + width + by, y, more, height))
    const up = growth(y - within.y, (by, more) => fits(x, y - by - more, width, more))
    y -= up
    height += up
    height += growth(bottom - y - height, (by, more) => fits(x, y + height + by, width, more))
    return { x, y, width, height }
  }

  #hasMoved({ x, y, width, height }: Rect, dx: number, dy: number): boolean {
    const { kernel, layout, strideBytes } = this.#surface
    const current = this.#surface.addressOf(layout.current, x, y)
    const known = this.#surface.addressOf(layout.known, x - dx, y - dy)
    return kernel.areEqual(current, known, strideBytes, width, height) !== 0
  }
}

/** By how much something grows, a block at most: halved steps, for what fits mostly fits as a whole, and a column costs nearly what sixteen do. */
function growth(room: number, fits: (by: number, more: number) => boolean): number {
  let by = 0
  for (let more = BLOCK; more > 0; more >>= 1) if (by + more <= Math.min(room, BLOCK) && fits(by, more)) by += more
  return by
}

const STILL: Shift = { dx: 0, dy: 0 }

const keyOf = ({ dx, dy }: Shift): number => (dy + 0x4000) * 0x8000 + dx + 0x4000
const shiftOf = (key: number): Shift => ({ dx: (key % 0x8000) - 0x4000, dy: Math.floor(key / 0x8000) - 0x4000 })

/** The box around the largest group of blocks that a shift explains and that staying doesn't, in blocks. */
function gainingBox(blocks: Uint8Array, columns: number, rows: number): Rect | undefined {
  const cells = cellsOf(blocks, columns, rows)
  let best: { box: Rect; gain: number } | undefined
  for (let start = 0; start < cells.boxes.length; start++) {
    const box = takeGroup(cells, start)
    const gain = box ? gainOf(box, blocks, columns) : 0
    if (box && gain >= GAIN_MIN_BLOCKS && gain > (best?.gain ?? 0)) best = { box, gain }
  }
  return best?.box
}

const gains = (block: number): boolean => block === MOVES
const loses = (block: number): boolean => block === STAYS

interface Cells {
  readonly columns: number
  readonly rows: number
  /** The box around the gaining blocks of each cell; taken out when its group was found. */
  readonly boxes: (Extent | undefined)[]
}

interface Extent {
  left: number
  top: number
  right: number
  bottom: number
}

function cellsOf(blocks: Uint8Array, columns: number, rows: number): Cells {
  const cellColumns = Math.ceil(columns / CELL_BLOCKS)
  const cellRows = Math.ceil(rows / CELL_BLOCKS)
  const boxes = new Array<Extent | undefined>(cellColumns * cellRows).fill(undefined)
  for (let y = 0, at = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, at++) {
      if (!gains(blocks[at] as number)) continue
      const cell = Math.floor(y / CELL_BLOCKS) * cellColumns + Math.floor(x / CELL_BLOCKS)
      const box = boxes[cell]
      if (box) include(box, x, y, x + 1, y + 1)
      else boxes[cell] = { left: x, top: y, right: x + 1, bottom: y + 1 }
    }
  }
  return { columns: cellColumns, rows: cellRows, boxes }
}

function include(box: Extent, left: number, top: number, right: number, bottom: number): void {
  box.left = Math.min(box.left, left)
  box.top = Math.min(box.top, top)
  box.right = Math.max(box.right, right)
  box.bottom = Math.max(box.bottom, bottom)
}

/** Takes the cells that hang together with the one at `start` and answers with the box around them. */
function takeGroup({ columns, rows, boxes }: Cells, start: number): Rect | undefined {
  let group: Extent | undefined
  const waiting = [start]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const box = boxes[at]
    if (!box) continue
    boxes[at] = undefined
    if (group) include(group, box.left, box.top, box.right, box.bottom)
    else group = box
    const x = at % columns
    if (x > 0) waiting.push(at - 1)
    if (x < columns - 1) waiting.push(at + 1)
    if (at >= columns) waiting.push(at - columns)
    if (at < columns * (rows - 1)) waiting.push(at + columns)
  }
  if (!group) return undefined
  return { x: group.left, y: group.top, width: group.right - group.left, height: group.bottom - group.top }
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
