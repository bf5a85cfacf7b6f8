import type { CursorShapeMessage } from '#protocol/peer/cursor.ts'

/** The value for CSS `cursor` that shows the device's pointer; `none` for an invisible one, undefined for a shape that isn't sound. */
export async function cssCursorOf(message: CursorShapeMessage): Promise<string | undefined> {
  const { width, height } = message
  if (width === 0 || height === 0) return 'none'
  const pixels = await inflate(message.rgbaDeflated, width * height * 4)
  if (!pixels) return undefined
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0)
  const hotspotX = Math.min(message.hotspotX, width - 1)
  const hotspotY = Math.min(message.hotspotY, height - 1)
  return `url(${canvas.toDataURL('image/png')}) ${hotspotX} ${hotspotY}, default`
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
