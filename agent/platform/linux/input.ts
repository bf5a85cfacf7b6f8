import type { InputSink, PointerButton } from '../platform.ts'
import type { XConnection } from './connection.ts'
import type { Displays } from './displays.ts'
import type { Extensions } from './extensions.ts'
import { keycodeFor } from './keymap.ts'
import { OrderedCalls } from './ordered.ts'
import { PressedKeys } from './pressed.ts'
import { type TypingKeys, typeCharacters } from './typing.ts'
import { WheelNotches } from './wheel.ts'

/** X numbers the wheel 4 to 7 in between. */
const X_BUTTONS: Readonly<Record<PointerButton, number>> = { 0: 1, 1: 2, 2: 3, 3: 8, 4: 9 }

/** Injects input through XTEST. While a text is being typed, what comes after it waits for its end. */
export class X11Input implements InputSink {
  readonly #connection: XConnection
  readonly #xtest: Extensions['xtest']
  readonly #displays: Displays
  readonly #pressed: PressedKeys
  readonly #wheel = new WheelNotches()
  readonly #calls = new OrderedCalls()
  readonly #keys: TypingKeys
  /** Aborts what still waits when everything is released. */
  #release = new AbortController()

  constructor(connection: XConnection, xtest: Extensions['xtest'], displays: Displays) {
    this.#connection = connection
    this.#xtest = xtest
    this.#displays = displays
    this.#pressed = new PressedKeys(connection, xtest)
    this.#keys = {
      setKeycode: (keycode, isPressed) => this.#pressed.set('key', keycode, isPressed),
      heldKeycodes: () => this.#pressed.heldKeycodes(),
    }
  }

  movePointer(x: number, y: number): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return
    this.#apply(() => {
      const { width, height } = this.#displays.desktop
      const { MotionNotify } = this.#xtest
      const root = this.#connection.screen.root
      this.#connection.tell(() =>
        this.#xtest.FakeInput(MotionNotify, 0, 0, root, clamp(x, width - 1), clamp(y, height - 1)),
      )
    })
  }

  setButton(button: PointerButton, pressed: boolean): void {
    const detail = X_BUTTONS[button]
    if (detail !== undefined) this.#apply(() => this.#pressed.set('button', detail, pressed))
  }

  scroll(dx: number, dy: number): void {
    this.#apply(() => {
      for (const detail of this.#wheel.buttonsFor(dx, dy)) {
        this.#pressed.set('button', detail, true)
        this.#pressed.set('button', detail, false)
      }
    })
  }

  setKey(code: string, pressed: boolean): boolean {
    const keycode = keycodeFor(code)
    const { min_keycode, max_keycode } = this.#connection.display
    if (keycode === undefined || keycode < min_keycode || keycode > max_keycode) return false
    this.#apply(() => this.#pressed.set('key', keycode, pressed))
    return true
  }

  typeText(text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const { signal } = this.#release
    this.#calls.add(async () => {
      if (!signal.aborted) await typeCharacters(this.#connection, this.#keys, text, signal).catch(reject)
      resolve()
    })
    return promise
  }

  async releaseAll(): Promise<void> {
    this.#release.abort()
    this.#release = new AbortController()
    this.#pressed.releaseAll()
    await this.#calls.idle()
    this.#pressed.releaseAll()
    // Without a connection nothing is held: the server lifts what a lost client pressed.
    await this.#connection.sync().catch(() => undefined)
  }

  #apply(call: () => void): void {
    const { signal } = this.#release
    this.#calls.add(() => (signal.aborted ? undefined : call()))
  }
}

function clamp(value: number, max: number): number {
  return Math.round(Math.min(Math.max(value, 0), max))
}
