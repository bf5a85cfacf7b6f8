import type { CursorShapeMessage } from '#protocol/peer/cursor.ts'
import type { Point, Size } from './geometry.ts'

/** The device's pointer as the window can show it. */
export interface CursorImage {
  /** The value for CSS `cursor`. */
  readonly css: string
  /** The same as a picture, for where no pointer of the window's is; null for an invisible one. */
  readonly picture: { readonly url: string; readonly hotspot: Point; readonly size: Size } | null
}

/** Undefined for a shape that isn't sound. */
export async function cursorImageOf(message: CursorShapeMessage): Promise<CursorImage | undefined> {
  const { width, height } = message
  if (width === 0 || height === 0) return { css: 'none', picture: null }
  const pixels = await inflate(message.rgbaDeflated, width * height * 4)
  if (!pixels) return undefined
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0)
  const url = canvas.toDataURL('image/png')
  const hotspot = { x: Math.min(message.hotspotX, width - 1), y: Math.min(message.hotspotY, height - 1) }
  return {
    css: `url(${url}) ${hotspot.x} ${hotspot.y}, default`,
    picture: { url, hotspot, size: { width, height } },
  }
}

/** Exactly `expectedBytes` bytes, or undefined. Reading stops where a stream gives more: twelve kilobytes can unfold to twelve million. */
export async function inflate(
  deflatedBase64: string,
  expectedBytes: number,
): Promise<Uint8ClampedArray<ArrayBuffer> | undefined> {
  try {
    const bytes = Uint8Array.from(atob(deflatedBase64), character => character.charCodeAt(0))
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
    const pixels = new Uint8ClampedArray(expectedBytes)
    let length = 0
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (length + chunk.value.length > expectedBytes) {
        await reader.cancel()
        return undefined
      }
      pixels.set(chunk.value, length)
      length += chunk.value.length
    }
    return length === expectedBytes ? pixels : undefined
  } catch {
    return undefined
  }
}
