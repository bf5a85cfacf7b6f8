import type { XConnection } from './connection.ts'
import type { Extensions } from './extensions.ts'

type Kind = 'key' | 'button'

/** Keys and buttons that this connection holds down, in the order in which they were pressed. */
export class PressedKeys {
  readonly #connection: XConnection
  readonly #xtest: Extensions['xtest']
  readonly #held: { readonly kind: Kind; readonly detail: number }[] = []

  constructor(connection: XConnection, xtest: Extensions['xtest']) {
    this.#connection = connection
    this.#xtest = xtest
  }

  /** Pressing what is held and lifting what isn't does nothing: the server repeats held keys by itself. */
  set(kind: Kind, detail: number, isPressed: boolean): void {
    const at = this.#held.findIndex(held => held.kind === kind && held.detail === detail)
    if (isPressed === at >= 0) return
    if (isPressed) this.#held.push({ kind, detail })
    else this.#held.splice(at, 1)
    this.#send(kind, detail, isPressed)
  }

  heldKeycodes(): readonly number[] {
    return this.#held.filter(held => held.kind === 'key').map(held => held.detail)
  }

  /** The last pressed is lifted first, so that no shortcut fires on the way. */
  releaseAll(): void {
    for (const { kind, detail } of this.#held.splice(0).reverse()) this.#send(kind, detail, false)
  }

  #send(kind: Kind, detail: number, isPressed: boolean): void {
    const { KeyPress, KeyRelease, ButtonPress, ButtonRelease } = this.#xtest
    const type = kind === 'key' ? (isPressed ? KeyPress : KeyRelease) : isPressed ? ButtonPress : ButtonRelease
    this.#connection.tell(() => this.#xtest.FakeInput(type, detail, 0, this.#connection.screen.root, 0, 0))
  }
}
