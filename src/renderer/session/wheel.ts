/** The parts of a DOM `WheelEvent` that say how far it turned. */
export interface WheelTurn {
  readonly deltaMode: number
  readonly deltaX: number
  readonly deltaY: number
  /** Chromium's older fields: 120 for a notch whatever the system's scroll speed, with the opposite sign. */
  readonly wheelDeltaX?: number
  readonly wheelDeltaY?: number
}

const UNITS_PER_NOTCH = 120
const PIXELS_PER_NOTCH = 100
const LINES_PER_NOTCH = 3
const NOTCHES_PER_MESSAGE = 100
/** What is left of a notch is forgotten after this pause: it belonged to another movement. */
const FORGET_AFTER_MS = 400

/** Turns wheel events into whole notches; what is left over counts for the next event. */
export class WheelAccumulator {
  #x = 0
  #y = 0
  #lastAtMs = Number.NEGATIVE_INFINITY

  /** Whole notches since the last call, right and down positive; undefined while there is none. */
  add(turn: WheelTurn, nowMs: number): { dx: number; dy: number } | undefined {
    if (nowMs - this.#lastAtMs > FORGET_AFTER_MS) this.reset()
    this.#lastAtMs = nowMs
    this.#x = accumulate(this.#x, notches(turn.deltaMode, turn.deltaX, turn.wheelDeltaX))
    this.#y = accumulate(this.#y, notches(turn.deltaMode, turn.deltaY, turn.wheelDeltaY))
    const dx = wholeOf(this.#x)
    const dy = wholeOf(this.#y)
    this.#x -= dx
    this.#y -= dy
    return dx === 0 && dy === 0 ? undefined : { dx, dy }
  }

  reset(): void {
    this.#x = 0
    this.#y = 0
  }
}

function notches(deltaMode: number, delta: number, wheelDelta: number | undefined): number {
  if (deltaMode === 1) return delta / LINES_PER_NOTCH
  if (deltaMode === 2) return delta * 10
  return wheelDelta ? -wheelDelta / UNITS_PER_NOTCH : delta / PIXELS_PER_NOTCH
}

const accumulate = (rest: number, added: number) => (rest * added < 0 ? added : rest + added)

function wholeOf(value: number): number {
  // The tiny addend keeps three thirds of a notch from being 0.9999.
  const whole = Math.trunc(value + Math.sign(value) * 1e-9)
  return Math.min(NOTCHES_PER_MESSAGE, Math.max(-NOTCHES_PER_MESSAGE, whole)) + 0
}
