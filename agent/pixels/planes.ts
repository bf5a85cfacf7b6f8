import { BYTES_PER_PIXEL, type Surface } from './surface.ts'

const CHROMA_PER_LUMA = 2
/** The kernel converts blocks of 8 × 2 pixels. */
export const PLANES_MIN_WIDTH = 8

/** Where the rows of a picture go in an I420 buffer. */
export interface Planes {
  readonly data: Uint8Array
  /** Even, and so is `height`, which may be more than the surface has. */
  readonly width: number
  readonly height: number
}

/**
 * Converts `rows` rows of the surface from `firstRow` on, both even, into `planes`, as wide as those are. They go by way of the surface's strip because what
 * encodes them wants memory of its own.
 */
export function convertToPlanes(surface: Surface, planes: Planes, firstRow: number, rows: number): void {
  const { width } = planes
  const rowsPerStrip = Math.floor(surface.layout.stripBytes / (width * BYTES_PER_PIXEL)) & ~1
  for (let row = 0; row < rows; row += rowsPerStrip) {
    convertStrip(surface, planes, firstRow + row, Math.min(rowsPerStrip, rows - row))
  }
}

function convertStrip(surface: Surface, { data, width, height }: Planes, row: number, rows: number): void {
  const { kernel, memory, layout, strideBytes } = surface
  const halfWidth = width / CHROMA_PER_LUMA
  const y = layout.strip
  const u = y + width * rows
  const v = u + (halfWidth * rows) / CHROMA_PER_LUMA
  kernel.toI420(surface.addressOf(layout.current, 0, row), strideBytes, width, rows, y, width, u, v)
  const bytes = new Uint8Array(memory.buffer)
  const lumaBytes = width * height
  const chromaRow = (row / CHROMA_PER_LUMA) * halfWidth
  const chromaBytes = lumaBytes / (CHROMA_PER_LUMA * CHROMA_PER_LUMA)
  data.set(bytes.subarray(y, u), row * width)
  data.set(bytes.subarray(u, v), lumaBytes + chromaRow)
  data.set(bytes.subarray(v, v + (v - u)), lumaBytes + chromaBytes + chromaRow)
}
