import { deflateRawSync } from 'node:zlib'
import { type CursorShapeMessage, cursorShapeSchema } from '#protocol/peer/cursor.ts'
import type { CursorShape } from '../../platform/platform.ts'

const SIDE_MAX = 128
const BASE64_MAX_CHARACTERS = 12 * 1024

/** A cursor's shape as the operator gets it; halved until it fits the message. `undefined` for a shape that can't be one. */
export function cursorMessage(shape: CursorShape): CursorShapeMessage | undefined {
  let fitting = shape
  while (fitting.width > SIDE_MAX || fitting.height > SIDE_MAX) fitting = halve(fitting)
  let encoded = encode(fitting)
  while (encoded.length > BASE64_MAX_CHARACTERS) {
    fitting = halve(fitting)
    encoded = encode(fitting)
  }
  const { width, height } = fitting
  const message = cursorShapeSchema.safeParse({
    type: 'shape',
    width,
    height,
    hotspotX: clamp(fitting.hotspotX, width),
    hotspotY: clamp(fitting.hotspotY, height),
    rgbaDeflated: encoded,
  })
  return message.data
}

const encode = (shape: CursorShape): string => deflateRawSync(shape.rgba, { level: 9 }).toString('base64')

const clamp = (hotspot: number, side: number): number => Math.max(0, Math.min(Math.round(hotspot), side - 1))

/** Every second pixel of every second row: a cursor is drawn in whole pixels and stays crisp so. */
function halve(shape: CursorShape): CursorShape {
  const width = Math.ceil(shape.width / 2)
  const height = Math.ceil(shape.height / 2)
  const rgba = new Uint8Array(width * height * 4)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * 2 * shape.width + x * 2) * 4
      rgba.set(shape.rgba.subarray(from, from + 4), (y * width + x) * 4)
    }
  }
  return { width, height, hotspotX: Math.floor(shape.hotspotX / 2), hotspotY: Math.floor(shape.hotspotY / 2), rgba }
}
