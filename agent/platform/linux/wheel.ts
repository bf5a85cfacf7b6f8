const UP = 4
const DOWN = 5
const LEFT = 6
const RIGHT = 7

/** A page or two; more in one call is a broken or hostile sender. */
const MAX_NOTCHES = 100

/** Whole notches out of the fractions that touchpads send. */
export class WheelNotches {
  #restX = 0
  #restY = 0

  /** The X buttons to press and lift, one for each notch. */
  buttonsFor(dx: number, dy: number): number[] {
    this.#restX += limit(dx)
    this.#restY += limit(dy)
    const notchesX = Math.trunc(this.#restX)
    const notchesY = Math.trunc(this.#restY)
    this.#restX -= notchesX
    this.#restY -= notchesY
    return [
      ...Array<number>(Math.abs(notchesY)).fill(notchesY < 0 ? UP : DOWN),
      ...Array<number>(Math.abs(notchesX)).fill(notchesX < 0 ? LEFT : RIGHT),
    ]
  }
}

function limit(notches: number): number {
  return Number.isNaN(notches) ? 0 : Math.min(Math.max(notches, -MAX_NOTCHES), MAX_NOTCHES)
}
