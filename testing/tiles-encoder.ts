import { TILES_MESSAGE_MAX_BYTES } from '../protocol/limits.ts'
import type { Picture, Rect } from '../protocol/peer/tiles/picture.ts'
import {
  COMMAND,
  MESSAGE_DEFLATED,
  MESSAGE_FIRST,
  MESSAGE_HEADER_BYTES,
  MESSAGE_LAST,
  PIXELS,
} from '../protocol/peer/tiles.ts'

const RUN_CODES = 32
const SKIP_CODES = 31
const BLACK = 0xff000000
type Colour = readonly [red: number, green: number, blue: number]

export const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)]
const corners = ({ x, y, width, height }: Rect) => [x, y, width, height].flatMap(varint)

/** The commands of a body, one function each; a body is their bytes one after the other. */
export const commands = {
  size: (width: number, height: number) => [COMMAND.size, ...varint(width), ...varint(height)],
  copy: (from: Rect, toX: number, toY: number) => [COMMAND.copy, ...corners(from), ...varint(toX), ...varint(toY)],
  fill: (rect: Rect, colour: Colour) => [COMMAND.fill, ...corners(rect), ...colour],
  rect: (rect: Rect, ops: readonly number[]) => [COMMAND.rect, ...corners(rect), ...ops],
  stencil: (rect: Rect, colour: Colour, bits: readonly number[]) => [
    COMMAND.stencil,
    ...corners(rect),
    ...colour,
    ...bits,
  ],
  motion: (epoch: number) => [COMMAND.motion, epoch],
  tiles: () => [COMMAND.tiles],
  exact: () => [COMMAND.exact],
}

/** Pixel operations that turn `before` into `after` inside `rect`. Plain rather than small or fast: it says what the format means. */
export function encodePixels(before: Picture, after: Picture, rect: Rect): number[] {
  const { x, y, width, height } = rect
  const ops: number[] = []
  const cache = new Uint32Array(64).fill(BLACK)
  const count = width * height
  const place = (index: number) => (y + Math.floor(index / width)) * after.width + x + (index % width)
  const now = (index: number) => after.pixels[place(index)] ?? 0
  const same = (index: number) => before.pixels[place(index)] === now(index)
  const up = (index: number) => index >= width && now(index - width) === now(index)
  const runFrom = (start: number, matches: (index: number) => boolean) => {
    let end = start
    while (end < count && matches(end)) end++
    return end - start
  }
  let previous = BLACK
  for (let at = 0; at < count; ) {
    const runs = { skip: runFrom(at, same), up: runFrom(at, up), run: runFrom(at, index => now(index) === previous) }
    const longest = Math.max(runs.skip, runs.up, runs.run)
    if (longest > 0) {
      const kind = longest === runs.skip ? 'skip' : longest === runs.up ? 'up' : 'run'
      ops.push(...encodeRun(kind, longest))
      at += longest
      previous = now(at - 1)
      continue
    }
    ops.push(...encodeColour(now(at), previous, cache))
    previous = now(at)
    at++
  }
  return ops
}

export function encodeRun(kind: 'run' | 'up' | 'skip', length: number): number[] {
  const codes = kind === 'skip' ? SKIP_CODES : RUN_CODES
  return length < codes ? [PIXELS[kind] + length - 1] : [PIXELS[kind] + codes - 1, ...varint(length - codes)]
}

function encodeColour(pixel: number, previous: number, cache: Uint32Array): number[] {
  const [red, green, blue] = channels(pixel)
  const [oldRed, oldGreen, oldBlue] = channels(previous)
  const slot = (red * 3 + green * 5 + blue * 7) & 63
  if (cache[slot] === pixel) return [PIXELS.index + slot]
  cache[slot] = pixel
  const dr = signed(red - oldRed)
  const dg = signed(green - oldGreen)
  const db = signed(blue - oldBlue)
  const isSmall = [dr, dg, db].every(change => change >= -2 && change <= 1)
  if (isSmall) return [PIXELS.diff + ((dr + 2) << 4) + ((dg + 2) << 2) + (db + 2)]
  const isNear = [dr - dg, db - dg].every(change => change >= -8 && change <= 7)
  if (isNear && dg >= -16 && dg <= 15) return [PIXELS.luma + dg + 16, ((dr - dg + 8) << 4) + (db - dg + 8)]
  return [PIXELS.rgb, red, green, blue]
}

const channels = (pixel: number): Colour => [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255]
/** A difference modulo 256 as -128..127. */
const signed = (difference: number) => (difference << 24) >> 24

/** The messages of one frame, whose body the caller may have deflated. */
export function frameMessages(
  body: readonly number[] | Uint8Array,
  { messageBytes = TILES_MESSAGE_MAX_BYTES, isDeflated = false } = {},
): Uint8Array<ArrayBuffer>[] {
  const bytes = Uint8Array.from(body)
  const partBytes = messageBytes - MESSAGE_HEADER_BYTES
  const count = Math.max(1, Math.ceil(bytes.length / partBytes))
  return Array.from({ length: count }, (_, index) => {
    const part = bytes.subarray(index * partBytes, (index + 1) * partBytes)
    const ends = (index === 0 ? MESSAGE_FIRST : 0) | (index === count - 1 ? MESSAGE_LAST : 0)
    return Uint8Array.of(ends | (isDeflated ? MESSAGE_DEFLATED : 0), ...part)
  })
}
