import type { Rect } from '../platform.ts'

const BYTES_PER_PIXEL = 4
const OPAQUE = 255

/** Pixels that can be painted, and that tell what was painted. */
export class FakeFramebuffer {
  readonly width: number
  readonly height: number
  /** R, G, B, A, rows top to bottom. */
  readonly pixels: Uint8Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.pixels = new Uint8Array(width * height * BYTES_PER_PIXEL)
    for (let at = 3; at < this.pixels.length; at += BYTES_PER_PIXEL) this.pixels[at] = OPAQUE
  }

  /** Fills a rectangle with `0xRRGGBB` and answers with the part that really changed; undefined when nothing did. */
  fill(rect: Rect, colour: number): Rect | undefined {
    const changed = new Extent()
    const right = Math.min(rect.x + rect.width, this.width)
    const bottom = Math.min(rect.y + rect.height, this.height)
    for (let y = Math.max(rect.y, 0); y < bottom; y++) {
      for (let x = Math.max(rect.x, 0); x < right; x++) {
        if (this.colourAt(x, y) === colour) continue
        this.#set(x, y, colour)
        changed.add(x, y)
      }
    }
    return changed.rect()
  }

  /** Puts another picture here, its top left at a place; it must fit. */
  place(picture: FakeFramebuffer, x: number, y: number): void {
    const rowBytes = picture.width * BYTES_PER_PIXEL
    for (let row = 0; row < picture.height; row++) {
      const from = row * rowBytes
      const to = ((y + row) * this.width + x) * BYTES_PER_PIXEL
      this.pixels.set(picture.pixels.subarray(from, from + rowBytes), to)
    }
  }

  /** `0xRRGGBB`; undefined outside. */
  colourAt(x: number, y: number): number | undefined {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return undefined
    const at = (y * this.width + x) * BYTES_PER_PIXEL
    const [red = 0, green = 0, blue = 0] = this.pixels.subarray(at, at + 3)
    return (red << 16) | (green << 8) | blue
  }

  #set(x: number, y: number, colour: number): void {
    const at = (y * this.width + x) * BYTES_PER_PIXEL
    this.pixels[at] = colour >>> 16
    this.pixels[at + 1] = colour >>> 8
    this.pixels[at + 2] = colour
  }
}

class Extent {
  #left = Number.POSITIVE_INFINITY
  #top = Number.POSITIVE_INFINITY
  #right = 0
  #bottom = 0

  add(x: number, y: number): void {
    this.#left = Math.min(this.#left, x)
    this.#top = Math.min(this.#top, y)
    this.#right = Math.max(this.#right, x + 1)
    this.#bottom = Math.max(this.#bottom, y + 1)
  }

  rect(): Rect | undefined {
    if (this.#right === 0) return undefined
    return { x: this.#left, y: this.#top, width: this.#right - this.#left, height: this.#bottom - this.#top }
  }
}
