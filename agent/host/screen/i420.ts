import type { ScreenFrame } from '../../platform/platform.ts'
import { type VideoFrame, wrtc } from '../peer/native.ts'

/**
 * Turns the pictures of one display into I420, in buffers that are used again. I420 halves its colour planes, so an odd last column or row is
 * cropped: one pixel of a screen's edge, where padding would show a line that isn't on the screen and shift every coordinate's scale.
 * The returned picture is lent until the next call.
 */
export class I420Converter {
  #width = 0
  #height = 0
  #packed = new Uint8Array(0)
  #planes = new Uint8Array(0)

  convert(frame: ScreenFrame): VideoFrame {
    const width = frame.width & ~1
    const height = frame.height & ~1
    if (width === this.#width && height === this.#height) this.#copyDamage(frame)
    else this.#start(frame, width, height)
    const picture = { width, height, data: this.#planes }
    wrtc.nonstandard.rgbaToI420({ width, height, data: this.#packed }, picture)
    return picture
  }

  #start(frame: ScreenFrame, width: number, height: number): void {
    this.#width = width
    this.#height = height
    this.#packed = new Uint8Array(width * height * 4)
    this.#planes = new Uint8Array((width * height * 3) / 2)
    this.#copyRows(frame, 0, height)
  }

  #copyDamage(frame: ScreenFrame): void {
    const top = Math.min(...frame.damage.map(rect => rect.y))
    const bottom = Math.max(...frame.damage.map(rect => rect.y + rect.height))
    this.#copyRows(frame, Math.max(0, top), Math.min(this.#height, bottom))
  }

  /** The addon wants rows without gaps, and reads a view's whole buffer whatever the view shows of it: what isn't exactly a picture is copied. */
  #copyRows(frame: ScreenFrame, top: number, bottom: number): void {
    const rowBytes = this.#width * 4
    if (frame.strideBytes === rowBytes) {
      this.#packed.set(frame.pixels.subarray(top * rowBytes, bottom * rowBytes), top * rowBytes)
      return
    }
    for (let y = top; y < bottom; y++) {
      const from = y * frame.strideBytes
      this.#packed.set(frame.pixels.subarray(from, from + rowBytes), y * rowBytes)
    }
  }
}
