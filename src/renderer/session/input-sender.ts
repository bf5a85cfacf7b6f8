import type { InputMessage } from '#protocol/peer/input.ts'
import type { Point } from './geometry.ts'

type Button = Extract<InputMessage, { type: 'pointer-button' }>['button']

export interface InputSenderOptions {
  readonly send: (message: InputMessage) => void
  /** `requestAnimationFrame`; returns what `cancelFrame` takes. */
  readonly requestFrame: (callback: () => void) => number
  readonly cancelFrame: (handle: number) => void
}

/**
 * Puts the operator's input in order: one pointer movement for each drawn frame, and none left behind a click. It knows what is held,
 * so that nothing stays pressed on the device. While disabled everything is dropped.
 */
export class InputSender {
  readonly #options: InputSenderOptions
  readonly #heldKeys = new Set<string>()
  readonly #heldButtons = new Set<Button>()
  #pendingMove: Point | undefined
  #frame: number | undefined
  #isEnabled = false

  constructor(options: InputSenderOptions) {
    this.#options = options
  }

  /** Disabling lifts what is held first. */
  setEnabled(isEnabled: boolean): void {
    if (!isEnabled) this.releaseAll()
    this.#isEnabled = isEnabled
  }

  get isDragging(): boolean {
    return this.#heldButtons.size > 0
  }

  move(point: Point): void {
    if (!this.#isEnabled) return
    this.#pendingMove = point
    this.#frame ??= this.#options.requestFrame(() => this.#flushMove())
  }

  button(button: number, pressed: boolean, point: Point): void {
    if (!this.#isEnabled || !isButton(button)) return
    if (this.#heldButtons.has(button) === pressed) return
    this.#flushMove()
    if (pressed) this.#heldButtons.add(button)
    else this.#heldButtons.delete(button)
    this.#options.send({ type: 'pointer-button', button, pressed, ...point })
  }

  scroll(turn: { dx: number; dy: number }, point: Point): void {
    if (!this.#isEnabled) return
    this.#flushMove()
    this.#options.send({ type: 'scroll', ...turn, ...point })
  }

  key(code: string, pressed: boolean): void {
    if (!this.#isEnabled || this.#heldKeys.has(code) === pressed) return
    if (pressed) this.#heldKeys.add(code)
    else this.#heldKeys.delete(code)
    this.#options.send({ type: 'key', code, pressed })
  }

  /** Presses in order, lifts in reverse. Keys that are held already stay held. */
  chord(codes: readonly string[]): void {
    const pressed = codes.filter(code => !this.#heldKeys.has(code))
    for (const code of pressed) this.key(code, true)
    for (const code of pressed.toReversed()) this.key(code, false)
  }

  text(text: string): void {
    if (!this.#isEnabled) return
    const characters = Array.from(text)
    // 500 characters are at most 1,000 UTF-16 units, the limit of a message.
    for (let start = 0; start < characters.length; start += 500) {
      this.#options.send({ type: 'text', text: characters.slice(start, start + 500).join('') })
    }
  }

  /** Lifts every held key and button. Safe at any time, twice included. */
  releaseAll(): void {
    this.#dropMove()
    this.#heldKeys.clear()
    this.#heldButtons.clear()
    if (this.#isEnabled) this.#options.send({ type: 'release-all' })
  }

  #flushMove(): void {
    const point = this.#pendingMove
    this.#dropMove()
    if (point && this.#isEnabled) this.#options.send({ type: 'pointer-move', ...point })
  }

  #dropMove(): void {
    if (this.#frame !== undefined) this.#options.cancelFrame(this.#frame)
    this.#frame = undefined
    this.#pendingMove = undefined
  }
}

const isButton = (button: number): button is Button => Number.isInteger(button) && button >= 0 && button <= 4
