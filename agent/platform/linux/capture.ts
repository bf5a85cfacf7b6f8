import { areaOf } from '../../pixels/rect.ts'
import { Surface } from '../../pixels/surface.ts'
import { type Display, PlatformError, type Rect, type ScreenFrame } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { DamageSource } from './damage.ts'
import type { Displays } from './displays.ts'
import { FramePacer } from './pacer.ts'
import type { PixelSource } from './pixel-source.ts'
import { openReader, type ScreenReader } from './reader.ts'
import { areaOfAll, covers, planReads } from './regions.ts'

/** Reading more than this in vain costs more than asking twice. */
const GUESS_MAX_PIXELS = 40_000

/** A read that keeps failing although the display is still there has another cause than a resize in between. */
const MAX_FAILED_READS = 5

export interface CaptureParts {
  readonly connection: XConnection
  readonly displays: Displays
  readonly source: PixelSource
  readonly display: Display
  readonly useSharedMemory: boolean
  readonly maxFramesPerSecond: number
  readonly signal: AbortSignal
  readonly onFrame: (frame: ScreenFrame) => void | Promise<void>
}

interface Picture {
  readonly surface: Surface
  readonly reader: ScreenReader
}

/** One run of `ScreenSource.capture`: idle until there is damage, the budget is free and the consumer is ready. */
export class Capture {
  readonly #parts: CaptureParts
  readonly #pacer: FramePacer
  #bounds: Rect
  #picture: Picture | undefined
  #damage: DamageSource | undefined
  #isDamaged = true
  #isWhole = true
  /** What the last frame read. Screens change where they changed before, so it is asked for again together with what changed. */
  #lastReads: readonly Rect[] = []
  #isBusy = false
  #failedReads = 0
  #timer: NodeJS.Timeout | undefined
  #settle: { resolve(): void; reject(reason: unknown): void } | undefined

  constructor(parts: CaptureParts) {
    this.#parts = parts
    this.#bounds = parts.display.bounds
    this.#pacer = new FramePacer(parts.maxFramesPerSecond)
  }

  async run(): Promise<void> {
    const { connection, displays, source, signal } = this.#parts
    const ended = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    const handleAbort = () => this.#end()
    signal.addEventListener('abort', handleAbort)
    const stopDisplays = displays.onChanged(() => this.#handleDisplaysChanged())
    const stopLost = connection.onLost(reason => this.#end(reason))
    try {
      this.#damage = await source.watchDamage(() => {
        this.#isDamaged = true
        this.#wake()
      })
      this.#handleDisplaysChanged()
      await ended
    } finally {
      clearTimeout(this.#timer)
      signal.removeEventListener('abort', handleAbort)
      stopDisplays()
      stopLost()
      this.#damage?.close()
      this.#picture?.reader.close()
    }
  }

  #handleDisplaysChanged(): void {
    const display = this.#parts.displays.find(this.#parts.display.id)
    if (!display) {
      this.#end(
        new PlatformError('display-lost', `The display ${this.#parts.display.name} was switched off or unplugged.`),
      )
      return
    }
    const { x, y, width, height } = display.bounds
    if (
      x !== this.#bounds.x ||
      y !== this.#bounds.y ||
      width !== this.#bounds.width ||
      height !== this.#bounds.height
    ) {
      this.#isWhole = true
      this.#isDamaged = true
    }
    this.#bounds = display.bounds
    this.#wake()
  }

  #end(reason?: unknown): void {
    if (reason && !this.#parts.signal.aborted) this.#settle?.reject(reason)
    else this.#settle?.resolve()
    this.#settle = undefined
  }

  #wake(): void {
    if (!this.#settle || !this.#damage || this.#isBusy || !this.#isDamaged || this.#timer) return
    const waitMs = this.#pacer.waitMs(performance.now())
    if (waitMs === 0) return void this.#takeFrame(this.#damage)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#wake()
    }, Math.ceil(waitMs))
  }

  async #takeFrame(watch: DamageSource): Promise<void> {
    this.#isBusy = true
    this.#isDamaged = false
    this.#pacer.take(performance.now())
    try {
      const frame = await this.#readFrame(watch).catch(error => this.#handleFailedRead(error))
      if (frame && this.#settle) await this.#parts.onFrame(frame)
    } catch (error) {
      this.#end(error)
    }
    this.#isBusy = false
    // A reader that was still being opened when the capture ended.
    if (!this.#settle) this.#picture?.reader.close()
    this.#wake()
  }

  async #readFrame(watch: DamageSource): Promise<ScreenFrame | undefined> {
    const isWhole = this.#isWhole
    const bounds = this.#bounds
    this.#isWhole = false
    const { surface, reader } = this.#pictureAt(bounds) ?? (await this.#openPicture(bounds))
    if (!this.#settle) return undefined
    const reads = isWhole ? [bounds] : await this.#fetchDamage(watch, reader, bounds)
    if (isWhole) {
      this.#lastReads = []
      await Promise.all([watch.take(), reader.fetch(reads)])
    }
    if (!this.#settle || reads.length === 0) return undefined
    const capturedAtMs = performance.now()
    const changed = reads.flatMap((read, index) => {
      const place = { ...read, x: read.x - bounds.x, y: read.y - bounds.y }
      return surface.update(place, (into, offsetBytes) => reader.copy(index, into, offsetBytes))
    })
    this.#failedReads = 0
    const { width, height } = surface
    const damage = isWhole ? [{ x: 0, y: 0, width, height }] : changed
    return damage.length === 0 ? undefined : { surface, damage, capturedAtMs }
  }

  /** Reads what is damaged, and answers where that is. */
  async #fetchDamage(watch: DamageSource, reader: ScreenReader, bounds: Rect): Promise<readonly Rect[]> {
    const guess = areaOfAll(this.#lastReads) <= GUESS_MAX_PIXELS ? this.#lastReads : []
    const answers = Promise.all([watch.take(), reader.fetch(guess)])
    this.#parts.connection.flush()
    const [damaged] = await answers
    const reads = planReads(damaged, bounds)
    this.#lastReads = reads
    if (covers(guess, reads)) return guess
    const pixels = reader.fetch(reads)
    this.#parts.connection.flush()
    await pixels
    return reads
  }

  // A screen that shrinks under a read answers with an X error: look at the displays again and start over with a whole picture.
  async #handleFailedRead(error: unknown): Promise<undefined> {
    if (!this.#settle) return undefined
    if (error instanceof PlatformError) throw error
    if (++this.#failedReads >= MAX_FAILED_READS) {
      throw new PlatformError(
        'display-lost',
        `The display ${this.#parts.display.name} can't be read any more. Connect again.`,
        {
          cause: error,
        },
      )
    }
    this.#isWhole = true
    this.#isDamaged = true
    await this.#parts.displays.refresh()
    return undefined
  }

  #pictureAt({ width, height }: Rect): Picture | undefined {
    const { surface } = this.#picture ?? {}
    return surface?.width === width && surface.height === height ? this.#picture : undefined
  }

  async #openPicture(bounds: Rect): Promise<Picture> {
    const { connection, source, useSharedMemory } = this.#parts
    this.#picture?.reader.close()
    this.#picture = undefined
    const reader = await openReader(connection, source, areaOf(bounds), useSharedMemory)
    this.#picture = { surface: new Surface(bounds.width, bounds.height), reader }
    return this.#picture
  }
}
