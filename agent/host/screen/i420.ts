import type { ScreenFrame } from '../../platform/platform.ts'
import { type VideoFrame, wrtc } from '../peer/native.ts'

/**
 * Turns captured pictures into I420, in buffers that are used again. I420 halves its colour planes, so an odd last column or row is cropped:
 * one pixel of a screen's edge, where padding would show a line that isn't on the screen and shift every coordinate's scale.
 * The returned picture is lent until the next call.
 */
export class I420Converter {
  #packed = new Uint8Array(0)
  #planes = new Uint8Array(0)

  convert(frame: ScreenFrame): VideoFrame {
    const width = frame.width & ~1
    const height = frame.height & ~1
    const pixels = this.#packRows(frame, width, height)
    const size = (width * height * 3) / 2
    if (this.#planes.length !== size) this.#planes = new Uint8Array(size)
    const picture = { width, height, data: this.#planes }
    wrtc.nonstandard.rgbaToI420({ width, height, data: pixels }, picture)
    return picture
  }

  /** The addon wants rows without gaps. */
  #packRows(frame: ScreenFrame, width: number, height: number): Uint8Array {
    const rowBytes = width * 4
    if (frame.strideBytes === rowBytes) return frame.pixels.subarray(0, rowBytes * height)
    if (this.#packed.length !== rowBytes * height) this.#packed = new Uint8Array(rowBytes * height)
    for (let y = 0; y < height; y++) {
      const from = y * frame.strideBytes
      this.#packed.set(frame.pixels.subarray(from, from + rowBytes), y * rowBytes)
    }
    return this.#packed
  }
}
