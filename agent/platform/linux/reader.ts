import { areaOf } from '../../pixels/rect.ts'
import type { Rect } from '../platform.ts'
import type { XConnection } from './connection.ts'
import { ShmSegment } from './shm-segment.ts'

const Z_PIXMAP = 2
const ALL_PLANES = 0xffffffff
const BYTES_PER_PIXEL = 4

/** Reads rectangles of the root window as raw B, G, R, X bytes. */
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
  capacityPixels: number,
  useSharedMemory: boolean,
): Promise<ScreenReader> {
  const segment = useSharedMemory
    ? await ShmSegment.open(connection, capacityPixels * BYTES_PER_PIXEL).catch(error => connection.report(error))
    : undefined
  return segment ? new SharedReader(connection, segment) : new WireReader(connection)
}

class SharedReader implements ScreenReader {
  readonly #connection: XConnection
  readonly #segment: ShmSegment
  #starts: number[] = []

  constructor(connection: XConnection, segment: ShmSegment) {
    this.#connection = connection
    this.#segment = segment
  }

  async fetch(rects: readonly Rect[]): Promise<void> {
    const { shm, id } = this.#segment
    const { root } = this.#connection.screen
    let start = 0
    this.#starts = rects.map(rect => {
      const own = start
      start += areaOf(rect) * BYTES_PER_PIXEL
      return own
    })
    await Promise.all(
      rects.map(({ x, y, width, height }, index) =>
        this.#connection.ask(answer =>
          shm.GetImage(root, x, y, width, height, ALL_PLANES, Z_PIXMAP, id, this.#starts[index] ?? 0, answer),
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
  #images: Buffer[] = []

  constructor(connection: XConnection) {
    this.#connection = connection
  }

  async fetch(rects: readonly Rect[]): Promise<void> {
    const { client, screen } = this.#connection
    this.#images = await Promise.all(
      rects.map(async ({ x, y, width, height }) => {
        const { data } = await this.#connection.ask<{ data: Buffer }>(answer =>
          client.GetImage(Z_PIXMAP, screen.root, x, y, width, height, ALL_PLANES, answer as never),
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
