import { writeFile } from 'node:fs/promises'
import { encode } from 'fast-png'
import type { Desktop } from '../agent/platform/platform.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** R, G, B, A. */
  readonly pixels: Uint8Array
}

/** What the primary display of `desktop` shows now. */
export async function takePicture(desktop: Desktop): Promise<Picture> {
  const displays = await desktop.displays()
  const display = displays.find(candidate => candidate.isPrimary) ?? displays[0]
  if (!display) throw new Error('the desktop has no display')
  const abort = new AbortController()
  let picture: Picture | undefined
  await desktop.screen.capture({ displayId: display.id, maxFramesPerSecond: 60, signal: abort.signal }, frame => {
    const { width, height, strideBytes, pixels } = frame.surface
    const rows = Buffer.alloc(width * height * 4)
    for (let y = 0; y < height; y++)
      rows.set(pixels.subarray(y * strideBytes, y * strideBytes + width * 4), y * width * 4)
    picture ??= { width, height, pixels: rows }
    abort.abort()
  })
  if (!picture) throw new Error('the display gave no picture')
  return picture
}

export async function savePng(path: string, { width, height, pixels }: Picture): Promise<void> {
  await writeFile(path, encode({ width, height, data: pixels, channels: 4, depth: 8 }))
}

/** R, G, B of one pixel. */
export function colourAt({ width, pixels }: Picture, x: number, y: number): [number, number, number] {
  const at = (y * width + x) * 4
  return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0]
}
