import { ALL_DISPLAYS } from '#protocol/peer/control.ts'
import { Surface } from '../../pixels/surface.ts'
import { type CaptureOptions, PlatformError, type Rect, type ScreenFrame } from '../platform.ts'
import type { FakeClock } from './clock.ts'
import type { FakeMachine } from './machine.ts'

type OnFrame = (frame: ScreenFrame) => void | Promise<void>

/** One run of the fake's `ScreenSource.capture`. Its pixels are a copy that changes only from frame to frame, as with a real screen. */
export class FakeCapture {
  readonly #machine: FakeMachine
  readonly #clock: FakeClock
  readonly #options: CaptureOptions
  readonly #onFrame: OnFrame
  readonly #intervalMs: number
  readonly #ended = Promise.withResolvers<void>()
  #surface: Surface | undefined
  #damage: Rect[] = []
  #dueAtMs = Number.NEGATIVE_INFINITY
  #isBusy = false
  #isEnded = false
  #cancelTimer: (() => void) | undefined

  constructor(machine: FakeMachine, clock: FakeClock, options: CaptureOptions, onFrame: OnFrame) {
    if (!(options.maxFramesPerSecond > 0)) throw new RangeError('maxFramesPerSecond must be above 0')
    this.#machine = machine
    this.#clock = clock
    this.#options = options
    this.#onFrame = onFrame
    this.#intervalMs = 1000 / options.maxFramesPerSecond
  }

  async run(): Promise<void> {
    const { signal, displayId } = this.#options
    const { events } = this.#machine
    const handleDamage = (id: string, rect: Rect) => {
      if (id === displayId) this.#damage.push(rect)
      else if (displayId === ALL_DISPLAYS) this.#damage.push(this.#withinAll(id, rect))
      this.#wake()
    }
    const handleDisplays = () => this.#handleDisplays()
    const handleLost = (reason: PlatformError) => this.#end(reason)
    const handleAbort = () => this.#end()
    events.on('damage', handleDamage).on('displays', handleDisplays).on('lost', handleLost)
    signal.addEventListener('abort', handleAbort)
    try {
      this.#handleDisplays()
      await this.#ended.promise
    } finally {
      this.#cancelTimer?.()
      events.off('damage', handleDamage).off('displays', handleDisplays).off('lost', handleLost)
      signal.removeEventListener('abort', handleAbort)
    }
  }

  #handleDisplays(): void {
    const { displayId } = this.#options
    const display = this.#machine.display(displayId)
    if (!display) {
      this.#end(new PlatformError('display-lost', `The display ${displayId} was removed.`))
      return
    }
    const { width, height } = display.bounds
    const isSameSize = width === this.#surface?.width && height === this.#surface.height
    // Where all are shown, each place may have changed.
    if (isSameSize && displayId !== ALL_DISPLAYS) return
    this.#damage = [{ x: 0, y: 0, width, height }]
    this.#wake()
  }

  #withinAll(displayId: string, rect: Rect): Rect {
    const place = this.#machine.display(displayId)?.bounds ?? { x: 0, y: 0 }
    const all = this.#machine.display(ALL_DISPLAYS)?.bounds ?? { x: 0, y: 0 }
    return { ...rect, x: rect.x + place.x - all.x, y: rect.y + place.y - all.y }
  }

  #end(reason?: PlatformError): void {
    this.#isEnded = true
    if (reason) this.#ended.reject(reason)
    else this.#ended.resolve()
  }

  #wake(): void {
    if (this.#isEnded || this.#isBusy || this.#damage.length === 0 || this.#cancelTimer) return
    const waitMs = this.#dueAtMs - this.#clock.nowMs()
    if (waitMs <= 0) return void this.#deliver()
    this.#cancelTimer = this.#clock.after(waitMs, () => {
      this.#cancelTimer = undefined
      this.#wake()
    })
  }

  async #deliver(): Promise<void> {
    const display = this.#machine.display(this.#options.displayId)
    if (!display) return
    const { width, height } = display.bounds
    const isWhole = width !== this.#surface?.width || height !== this.#surface.height
    const damage = isWhole ? [{ x: 0, y: 0, width, height }] : this.#damage.splice(0)
    this.#damage = []
    const surface = isWhole || !this.#surface ? new Surface(width, height) : this.#surface
    this.#surface = surface
    this.#machine.readPixels(display, surface.pixels)
    this.#isBusy = true
    const capturedAtMs = this.#clock.nowMs()
    this.#dueAtMs = capturedAtMs + this.#intervalMs
    try {
      await this.#onFrame({ surface, damage, capturedAtMs })
    } catch (error) {
      this.#isEnded = true
      this.#ended.reject(error)
    }
    this.#isBusy = false
    this.#wake()
  }
}
