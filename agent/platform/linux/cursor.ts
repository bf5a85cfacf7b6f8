import type { CursorShape, CursorSource, PointerPosition } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { XCursorImage } from './extensions.ts'
import { rgbaFromPremultipliedBgra } from './pixels.ts'
import { watchPointer } from './pointer.ts'

const DISPLAY_CURSOR = 1

/** The cursor through XFIXES and XInput2: told by the server, never polled. */
export class X11Cursor implements CursorSource {
  readonly #connection: XConnection
  readonly #stoppers = new Set<() => void>()
  readonly #stopping = new AbortController()

  constructor(connection: XConnection) {
    this.#connection = connection
  }

  async watchShape(signal: AbortSignal, onShape: (shape: CursorShape) => void): Promise<void> {
    if (signal.aborted) return
    const fixes = await this.#connection.extension('fixes')
    let lastSerial: number | undefined
    let isReading = false
    let isStale = false
    const ended = Promise.withResolvers<void>()

    const read = async () => {
      isStale = true
      if (isReading) return
      isReading = true
      while (isStale && this.#stoppers.has(ended.resolve)) {
        isStale = false
        const image = await this.#connection.ask<XCursorImage>(answer => fixes.GetCursorImage(answer))
        if (image.cursorSerial === lastSerial || !this.#stoppers.has(ended.resolve)) continue
        lastSerial = image.cursorSerial
        onShape(toShape(image))
      }
      isReading = false
    }

    const readOrEnd = () => void read().catch(ended.reject)
    const stopListening = this.#connection.onEvent('CursorNotify', readOrEnd)
    const stopLost = this.#connection.onLost(ended.reject)
    const handleAbort = () => ended.resolve()
    signal.addEventListener('abort', handleAbort)
    this.#stoppers.add(ended.resolve)
    this.#select(fixes, DISPLAY_CURSOR)
    if (signal.aborted) ended.resolve()
    else readOrEnd()
    try {
      await ended.promise
    } finally {
      this.#stoppers.delete(ended.resolve)
      signal.removeEventListener('abort', handleAbort)
      stopListening()
      stopLost()
      if (this.#stoppers.size === 0) this.#select(fixes, 0)
    }
  }

  watchPosition(signal: AbortSignal, onPosition: (position: PointerPosition) => void): Promise<void> {
    return watchPointer(this.#connection, AbortSignal.any([signal, this.#stopping.signal]), onPosition)
  }

  /** Ends all watches as if their signals had aborted, for good. */
  stop(): void {
    this.#stopping.abort()
    for (const resolve of this.#stoppers) resolve()
  }

  #select(fixes: { SelectCursorInput(window: number, mask: number): void }, mask: number): void {
    this.#connection.tell(() => fixes.SelectCursorInput(this.#connection.screen.root, mask))
  }
}

function toShape({ width, height, xhot, yhot, cursorImage }: XCursorImage): CursorShape {
  return { width, height, hotspotX: xhot, hotspotY: yhot, rgba: rgbaFromPremultipliedBgra(cursorImage) }
}
