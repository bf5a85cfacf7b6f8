import { HELD_MAX, type HeldInput } from '../../links/host-link.ts'
import type { PointerButton } from '../../platform/platform.ts'

/** What a peer holds down. Each change is told to the listener, presses before and releases after they happen. */
export class HeldInputTracker {
  readonly #keys = new Set<string>()
  readonly #buttons = new Set<PointerButton>()
  readonly #onChange: (held: HeldInput) => void

  constructor(onChange: (held: HeldInput) => void) {
    this.#onChange = onChange
  }

  get held(): HeldInput {
    return { keys: [...this.#keys], buttons: [...this.#buttons] }
  }

  /** Returns false when as many keys are down as one keyboard can have; the press must then not happen. */
  pressKey(code: string): boolean {
    if (this.#keys.has(code)) return true
    if (this.#keys.size >= HELD_MAX) return false
    this.#keys.add(code)
    this.#onChange(this.held)
    return true
  }

  releaseKey(code: string): void {
    if (this.#keys.delete(code)) this.#onChange(this.held)
  }

  pressButton(button: PointerButton): void {
    if (this.#buttons.has(button)) return
    this.#buttons.add(button)
    this.#onChange(this.held)
  }

  releaseButton(button: PointerButton): void {
    if (this.#buttons.delete(button)) this.#onChange(this.held)
  }

  clear(): void {
    if (this.#keys.size + this.#buttons.size === 0) return
    this.#keys.clear()
    this.#buttons.clear()
    this.#onChange(this.held)
  }
}
