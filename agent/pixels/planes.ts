import { BYTES_PER_PIXEL, type Surface } from './surface.ts'

const CHROMA_PER_LUMA = 2
/** The kernel converts blocks of 8 × 2 pixels. */
export const PLANES_MIN_WIDTH = 8

/** How often the sides of the picture are halved on the way into the planes. */
export type Halvings = 0 | 1 | 2

/** Where the rows of a picture go in an I420 buffer. */
export interface Planes {
  readonly data: Uint8Array
  /** Even, and so is `height`, which may be more than the surface has. */
  readonly width: number
  readonly height: number
}

/**
 * Converts rows `top` to `bottom` of the planes, both even, from the rows of the surface that they show. They go by way of the surface's strip because what
 * encodes them wants memory of its own.
 */
export function convertToPlanes(
  surface: Surface,
  planes: Planes,
  halvings: Halvings,
  top: number,
  bottom: number,
): void {
  const scale = 1 << halvings
  // Room for the planes of the strip's rows, for its halved rows, and for the rows between two halvings.
  const bytesPerRow = planes.width * (BYTES_PER_PIXEL * (halvings === 2 ? 7 : 3))
  const rowsPerStrip = Math.max(2, Math.floor(surface.layout.stripBytes / bytesPerRow) & ~1)
  for (let row = top; row < bottom; row += rowsPerStrip) {
    const rows = Math.min(rowsPerStrip, bottom - row)
    const source = halved(surface, planes.width, halvings, row * scale, rows)
    convertStrip(surface, planes, source, row, rows)
  }
}

interface Rows {
  readonly at: number
  readonly strideBytes: number
}

/** Rows of the surface, `rows` of them after they were halved. What is made lies in the second half of the strip. */
function halved(surface: Surface, width: number, halvings: Halvings, firstRow: number, rows: number): Rows {
  const { kernel, layout, strideBytes } = surface
  const source = surface.addressOf(layout.current, 0, firstRow)
  if (halvings === 0) return { at: source, strideBytes }
  const once = layout.strip + width * rows * CHROMA_PER_LUMA
  const stride = width * BYTES_PER_PIXEL
  if (halvings === 1) {
    kernel.halve(source, strideBytes, once, stride, width, rows)
    return { at: once, strideBytes: stride }
  }
  const twice = once + stride * rows
  kernel.halve(source, strideBytes, twice, stride * 2, width * 2, rows * 2)
  kernel.halve(twice, stride * 2, once, stride, width, rows)
  return { at: once, strideBytes: stride }
}

function convertStrip(
  surface: Surface,
  { data, width, height }: Planes,
  source: Rows,
  row: number,
  rows: number,
): void {
  const { kernel, memory, layout } = surface
  const halfWidth = width / CHROMA_PER_LUMA
  const y = layout.strip
  const u = y + width * rows
  const v = u + (halfWidth * rows) / CHROMA_PER_LUMA
  kernel.toI420(source.at, source.strideBytes, width, rows, y, width, u, v)
  const bytes = new Uint8Array(memory.buffer)
  const lumaBytes = width * height
  const chromaRow = (row / CHROMA_PER_LUMA) * halfWidth
  const chromaBytes = lumaBytes / (CHROMA_PER_LUMA * CHROMA_PER_LUMA)
  data.set(bytes.subarray(y, u), row * width)
  data.set(bytes.subarray(u, v), lumaBytes + chromaRow)
  data.set(bytes.subarray(v, v + (v - u)), lumaBytes + chromaBytes + chromaRow)
}
