import { colourAt, type Picture } from '../screenshot.ts'
import type { Region } from './received-picture.ts'

/** The luma (BT.601, limited range as in video) of a region of a picture. */
export function lumaOf(picture: Picture, { x, y, width, height }: Region): Uint8Array {
  const luma = new Uint8Array(width * height)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [red, green, blue] = colourAt(picture, x + column, y + row)
      luma[row * width + column] = 16 + (65.738 * red + 129.057 * green + 25.064 * blue) / 256
    }
  return luma
}

/** The smallest rectangle around all pixels that `matches`, or undefined where none does. */
export function boundsOf(
  picture: Picture,
  within: Region,
  matches: (x: number, y: number) => boolean,
): Region | undefined {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1]
  for (let y = within.y; y < Math.min(within.y + within.height, picture.height); y++)
    for (let x = within.x; x < Math.min(within.x + within.width, picture.width); x++) {
      if (!matches(x, y)) continue
      left = Math.min(left, x)
      top = Math.min(top, y)
      right = Math.max(right, x)
      bottom = Math.max(bottom, y)
    }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** Where two pictures of one display differ. */
export function differenceOf(before: Picture, after: Picture, within: Region): Region | undefined {
  return boundsOf(after, within, (x, y) => {
    const [a, b] = [colourAt(before, x, y), colourAt(after, x, y)]
    return a.some((value, at) => Math.abs(value - (b[at] ?? 0)) > 8)
  })
}

export function cut(picture: Picture, { x, y, width, height }: Region): Picture {
  const pixels = new Uint8Array(width * height * 4)
  for (let row = 0; row < height; row++) {
    const at = ((y + row) * picture.width + x) * 4
    pixels.set(picture.pixels.subarray(at, at + width * 4), row * width * 4)
  }
  return { width, height, pixels }
}
