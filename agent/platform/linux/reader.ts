import { areaOf } from '../../pixels/rect.ts'
import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { PixelSource } from './pixel-source.ts'
import { ShmSegment } from './shm-segment.ts'

const Z_PIXMAP = 2
const ALL_PLANES = 0xffffffff
const BYTES_PER_PIXEL = 4

/** Reads rectangles of the desktop as raw B, G, R, X bytes. */
export interface ScreenReader {
  /** Resolves when the pixels of all `rects` (in root coordinates) are there. Rejects when one lies outside of the screen. */
  fetch(rects: readonly Rect[]): Promise<void>
  /** Copies fetched bytes of the rectangle number `index`, from `offsetBytes` on, until `into` is full. */
  copy(index: number, into: Uint8Array, offsetBytes: number): void
  close(): void
}

/** Through shared memory where the connection is local and the server can map it, else over the wire (measured: 4 ms against 24 ms for 1080p). */
export async function openReader(
  connection: XConnection,
  source: PixelSource,
  capacityPixels: number,
  useSharedMemory: boolean,
): Promise<ScreenReader> {
  const segment = useSharedMemory
    ? await ShmSegment.open(connection, capacityPixels * BYTES_PER_PIXEL).catch(error => connection.report(error))
    : undefined
  return segment ? new SharedReader(connection, source, segment) : new WireReader(connection, source)
}

class SharedReader implements ScreenReader {
  readonly #connection: XConnection
  readonly #source: PixelSource
  readonly #segment: ShmSegment
  #starts: number[] = []

  constructor(connection: XConnection, source: PixelSource, segment: ShmSegment) {
    this.#connection = connection
    this.#source = source
    this.#segment = segment
  }

  async fetch(rects: readonly Rect[]): Promise<void> {
    const { shm, id } = this.#segment
    const drawable = await this.#source.prepare(rects)
    let start = 0
    this.#starts = rects.map(rect => {
      const own = start
      start += areaOf(rect) * BYTES_PER_PIXEL
      return own
    })
    await Promise.all(
      rects.map(({ x, y, width, height }, index) =>
        this.#connection.ask(answer =>
          shm.GetImage(drawable, x, y, width, height, ALL_PLANES, Z_PIXMAP, id, this.#starts[index] ?? 0, answer),
        ),
      ),
    )
  }

  copy(index: number, into: Uint8Array, offsetBytes: number): void {
    this.#segment.read(into, (this.#starts[index] ?? 0) + offsetBytes)
  }

  close(): void {
    this.#segment.close()
  }
}

class WireReader implements ScreenReader {
  readonly #connection: XConnection
  readonly #source: PixelSource
  #images: Buffer[] = []

  constructor(connection: XConnection, source: PixelSource) {
    this.#connection = connection
    this.#source = source
  }

  async fetch(rects: readonly Rect[]): Promise<void> {
    const { client } = this.#connection
    const drawable = await this.#source.prepare(rects)
    this.#images = await Promise.all(
      rects.map(async ({ x, y, width, height }) => {
        const { data } = await this.#connection.ask<{ data: Buffer }>(answer =>
          client.GetImage(Z_PIXMAP, drawable, x, y, width, height, ALL_PLANES, answer as never),
        )
        return data
      }),
    )
  }

  copy(index: number, into: Uint8Array, offsetBytes: number): void {
    this.#images[index]?.copy(into, 0, offsetBytes, offsetBytes + into.length)
  }

  close(): void {
    this.#images = []
  }
}
