import {
  cellCentre,
  readStamp,
  STAMP_CELLS,
  STAMP_THRESHOLD,
  type Stamp,
  stampRow,
} from '#protocol/peer/tiles/stamp.ts'

/** The stamp below the screen in a frame; undefined where none can be read. The frame stays the caller's. */
export async function stampOf(frame: VideoFrame, screenHeight: number): Promise<Stamp | undefined> {
  const { displayWidth: width, displayHeight: height } = frame
  if (width < STAMP_CELLS) return undefined
  const row = stampRow(height, screenHeight)
  const luma = isPlanar(frame.format) ? await lumaRow(frame, row) : drawnRow(frame, row)
  const cells = Array.from({ length: STAMP_CELLS }, (_, index) => {
    return (luma[cellCentre(index, width)] ?? 0) >= STAMP_THRESHOLD
  })
  return readStamp(cells)
}

/** Formats whose first plane is the luma. */
const isPlanar = (format: string | null) => format?.startsWith('I4') === true || format?.startsWith('NV12') === true

async function lumaRow(frame: VideoFrame, row: number): Promise<Uint8Array> {
  const visible = frame.visibleRect
  // Planes of half the size need even corners.
  const rect = { x: visible?.x ?? 0, y: ((visible?.y ?? 0) + row) & ~1, width: frame.displayWidth & ~1, height: 2 }
  const bytes = new Uint8Array(frame.allocationSize({ rect }))
  const [luma] = await frame.copyTo(bytes, { rect })
  return luma ? bytes.subarray(luma.offset, luma.offset + rect.width) : new Uint8Array()
}

/** For frames whose bytes can't be had: a row of it is drawn. */
function drawnRow(frame: VideoFrame, row: number): Uint8Array {
  const width = frame.displayWidth
  const context = new OffscreenCanvas(width, 1).getContext('2d', { willReadFrequently: true })
  if (!context) return new Uint8Array()
  context.drawImage(frame, 0, row, width, 1, 0, 0, width, 1)
  const { data } = context.getImageData(0, 0, width, 1)
  return Uint8Array.from({ length: width }, (_, x) => data[x * 4 + 1] ?? 0)
}
