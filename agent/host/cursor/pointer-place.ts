import type { Clock } from '../../links/clock.ts'
import type { PointerPosition, Rect } from '../../platform/platform.ts'

/** After an operator's own movement: what the device tells meanwhile is that movement, on its way. */
const OWN_FOR_MS = 200
const INTERVAL_MS = 1000 / 30

export interface PointerPlaceOptions {
  readonly clock: Clock
  /** Pixels of the shown display. */
  readonly send: (position: PointerPosition) => void
}

/** Tells the operator where the device's pointer is when somebody else moved it, at most thirty times a second, and never loses where it came to rest. */
export class PointerPlace {
  readonly #options: PointerPlaceOptions
  #bounds: Rect | undefined
  #waiting: PointerPosition | undefined
  #own: PointerPosition | undefined
  #quietUntilMs = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  constructor(options: PointerPlaceOptions) {
    this.#options = options
  }

  /** The place of the shown display on the desktop. */
  setBounds(bounds: Rect | undefined): void {
    this.#bounds = bounds
  }

  /** The operator moved the pointer here. Positions are the desktop's pixels. */
  handleOwn(position: PointerPosition): void {
    this.#own = position
    this.#quietUntilMs = this.#options.clock.monotonicMs() + OWN_FOR_MS
  }

  /** The device says that the pointer is here. */
  handleMoved(position: PointerPosition): void {
    this.#waiting = position
    this.#tellInTime()
  }

  /** Forgets what waits. Idempotent. */
  stop(): void {
    this.#waiting = undefined
    this.#cancel?.()
    this.#cancel = undefined
  }

  #tellInTime(): void {
    if (this.#cancel) return
    const waitMs = this.#quietUntilMs - this.#options.clock.monotonicMs()
    if (waitMs <= 0) {
      this.#tell()
      return
    }
    this.#cancel = this.#options.clock.setTimer(() => {
      this.#cancel = undefined
      if (this.#waiting) this.#tellInTime()
    }, Math.ceil(waitMs))
  }

  #tell(): void {
    const position = this.#waiting
    this.#waiting = undefined
    if (!position || isSame(position, this.#own)) return
    const shown = this.#within(position)
    if (!shown) return
    this.#own = undefined
    this.#quietUntilMs = this.#options.clock.monotonicMs() + INTERVAL_MS
    this.#options.send(shown)
  }

  #within({ x, y }: PointerPosition): PointerPosition | undefined {
    const bounds = this.#bounds
    if (!bounds) return undefined
    const place = { x: x - bounds.x, y: y - bounds.y }
    const isWithin = place.x >= 0 && place.y >= 0 && place.x < bounds.width && place.y < bounds.height
    return isWithin ? place : undefined
  }
}

const isSame = (a: PointerPosition, b: PointerPosition | undefined): boolean => a.x === b?.x && a.y === b.y
