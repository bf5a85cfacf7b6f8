/// <reference path="./webassembly.d.ts" />
import { ChangedBands } from './changed-bands.ts'
import { type Kernel, openKernel } from './kernel-module.ts'
import type { Rect } from './rect.ts'

export const BYTES_PER_PIXEL = 4

/** Half a megabyte: the raw rows are still in the processor's cache when they are converted. */
const STRIP_BYTES = 512 * 1024
const PAGE_BYTES = 65_536
/** Block loads may look past the end of the last row. */
const SLACK_BYTES = 64

/** Fills `into` with raw B, G, R, X bytes, starting `offsetBytes` into the rectangle that is being read. */
export type RawReader = (into: Uint8Array, offsetBytes: number) => void

/** Where everything lies in a surface's memory, as byte addresses. */
export interface SurfaceLayout {
  /** One number a row: what changed in it. */
  readonly changes: number
  /** Raw rows on their way in, and room for what is made of rows on their way out. */
  readonly strip: number
  readonly stripBytes: number
  readonly current: number
  /** A second picture of the same size, for whoever shows this one to somebody. */
  readonly known: number
}

/** The picture of one display in R, G, B, A. Its memory is allocated once, never grows, and is worked on by the kernel where it lies. */
export class Surface {
  readonly width: number
  readonly height: number
  readonly strideBytes: number
  /** Rows top to bottom, 4 bytes a pixel in the order R, G, B, A; A is 255 once a pixel was read. */
  readonly pixels: Uint8Array
  readonly memory: WebAssembly.Memory
  readonly kernel: Kernel
  readonly layout: SurfaceLayout
  readonly #changes: Int32Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.strideBytes = width * BYTES_PER_PIXEL
    const pictureBytes = this.strideBytes * height
    const changes = PAGE_BYTES
    const strip = changes + height * 4 + (PAGE_BYTES - ((height * 4) % PAGE_BYTES))
    const stripBytes = Math.max(STRIP_BYTES, this.strideBytes)
    const current = strip + stripBytes + SLACK_BYTES
    const known = current + pictureBytes + SLACK_BYTES
    const totalBytes = known + pictureBytes + SLACK_BYTES
    this.layout = { changes, strip, stripBytes, current, known }
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(totalBytes / PAGE_BYTES) })
    this.kernel = openKernel(this.memory)
    this.pixels = new Uint8Array(this.memory.buffer, current, pictureBytes)
    this.#changes = new Int32Array(this.memory.buffer, changes, height)
  }

  /** Takes over the pixels of `rect` and answers with the parts of it that differ from before. */
  update(rect: Rect, read: RawReader): Rect[] {
    const { strip, stripBytes, changes } = this.layout
    const rowBytes = rect.width * BYTES_PER_PIXEL
    const rowsPerStrip = Math.floor(stripBytes / rowBytes)
    const bands = new ChangedBands(rect)
    for (let row = 0; row < rect.height; row += rowsPerStrip) {
      const rows = Math.min(rowsPerStrip, rect.height - row)
      read(new Uint8Array(this.memory.buffer, strip, rows * rowBytes), row * rowBytes)
      const target = this.addressOf(this.layout.current, rect.x, rect.y + row)
      this.kernel.convertRows(strip, rowBytes, target, this.strideBytes, rect.width, rows, changes)
      bands.addRows(row, this.#changes.subarray(0, rows))
    }
    return bands.finish()
  }

  /** The parts of `rect` in which `known` isn't the picture. */
  differences(rect: Rect): Rect[] {
    const { current, known, changes } = this.layout
    const a = this.addressOf(current, rect.x, rect.y)
    const b = this.addressOf(known, rect.x, rect.y)
    this.kernel.compareRows(a, b, this.strideBytes, rect.width, rect.height, changes)
    const bands = new ChangedBands(rect)
    bands.addRows(0, this.#changes.subarray(0, rect.height))
    return bands.finish()
  }

  /** The address of a pixel of the picture that starts at `picture`. */
  addressOf(picture: number, x: number, y: number): number {
    return picture + y * this.strideBytes + x * BYTES_PER_PIXEL
  }
}
