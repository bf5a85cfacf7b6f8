import type { RowFunction } from './pixel-kernel.ts'

const OPAQUE = 0xff000000

/** B, G, R, X as one little-endian number becomes R, G, B, 255. */
export function rgbaFromBgrx(pixel: number): number {
  return (OPAQUE | ((pixel & 0xff) << 16) | (pixel & 0xff00) | ((pixel >>> 16) & 0xff)) >>> 0
}

/** What `instantiateRowFunction` does, for runtimes without SIMD and for pictures narrower than one block. */
export function convertRowInJavaScript(memory: { readonly buffer: ArrayBufferLike }): RowFunction {
  const words = new Uint32Array(memory.buffer)
  return (sourceByte, targetByte, width) => {
    const source = sourceByte >>> 2
    const target = targetByte >>> 2
    let first = -1
    let end = 0
    for (let at = 0; at < width; at++) {
      const pixel = rgbaFromBgrx(words[source + at] as number)
      if (words[target + at] === pixel) continue
      words[target + at] = pixel
      if (first < 0) first = at
      end = at + 1
    }
    return (first << 16) | end
  }
}

/** A cursor image: B, G, R, A premultiplied becomes R, G, B, A as it was before. */
export function rgbaFromPremultipliedBgra(bgra: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(bgra.length)
  for (let at = 0; at + 3 < bgra.length; at += 4) {
    const alpha = bgra[at + 3] as number
    const restore = (value: number) => (alpha === 0 ? 0 : Math.min(Math.round((value * 255) / alpha), 255))
    rgba[at] = restore(bgra[at + 2] as number)
    rgba[at + 1] = restore(bgra[at + 1] as number)
    rgba[at + 2] = restore(bgra[at] as number)
    rgba[at + 3] = alpha
  }
  return rgba
}
