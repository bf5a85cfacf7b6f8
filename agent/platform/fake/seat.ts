import type { PointerButton, PointerPosition, Rect } from '../platform.ts'
import { characterFor, hasKey } from './keyboard.ts'

/** One thing that was done at the fake machine, in the order in which it happened. */
export type SeatAction =
  | { readonly kind: 'move'; readonly x: number; readonly y: number }
  | { readonly kind: 'button'; readonly button: PointerButton; readonly pressed: boolean }
  | { readonly kind: 'scroll'; readonly dx: number; readonly dy: number }
  | { readonly kind: 'key'; readonly code: string; readonly pressed: boolean }
  | { readonly kind: 'text'; readonly text: string }

/** Pointer, buttons and keyboard of the fake machine. */
export class FakeSeat {
  pointer: PointerPosition = { x: 0, y: 0 }
  /** Everything that was typed, by text or by single keys. */
  typed = ''
  scrolled: { readonly dx: number; readonly dy: number } = { dx: 0, dy: 0 }
  readonly actions: SeatAction[] = []
  readonly #keys = new Set<string>()
  readonly #buttons = new Set<PointerButton>()
  readonly #bounds: () => Rect
  readonly #onPointer: (position: PointerPosition) => void

  constructor(bounds: () => Rect, onPointer: (position: PointerPosition) => void) {
    this.#bounds = bounds
    this.#onPointer = onPointer
  }

  get heldKeys(): readonly string[] {
    return [...this.#keys]
  }

  get heldButtons(): readonly PointerButton[] {
    return [...this.#buttons]
  }

  move(x: number, y: number): void {
    if (Number.isNaN(x) || Number.isNaN(y)) return
    this.place(x, y)
    this.actions.push({ kind: 'move', ...this.pointer })
  }

  /** Moves the pointer without that being the operator's doing. */
  place(x: number, y: number): void {
    const { width, height } = this.#bounds()
    const next = { x: clamp(x, width - 1), y: clamp(y, height - 1) }
    const isSame = next.x === this.pointer.x && next.y === this.pointer.y
    this.pointer = next
    if (!isSame) this.#onPointer(next)
  }

  setButton(button: PointerButton, pressed: boolean): void {
    if (this.#buttons.has(button) === pressed) return
    if (pressed) this.#buttons.add(button)
    else this.#buttons.delete(button)
    this.actions.push({ kind: 'button', button, pressed })
  }

  scroll(dx: number, dy: number): void {
    if (!Number.isFinite(dx) || !Number.isFinite(dy)) return
    this.scrolled = { dx: this.scrolled.dx + dx, dy: this.scrolled.dy + dy }
    this.actions.push({ kind: 'scroll', dx, dy })
  }

  setKey(code: string, pressed: boolean): boolean {
    if (!hasKey(code)) return false
    if (this.#keys.has(code) === pressed) return true
    if (pressed) this.typed += characterFor(code, this.#keys)
    if (pressed) this.#keys.add(code)
    else this.#keys.delete(code)
    this.actions.push({ kind: 'key', code, pressed })
    return true
  }

  type(text: string): void {
    const typeable = [...text.replace(/\r\n?/g, '\n')].filter(isTypeable).join('')
    if (typeable === '') return
    this.typed += typeable
    this.actions.push({ kind: 'text', text: typeable })
  }
}

function isTypeable(character: string): boolean {
  return character === '\n' || character === '\t' || !/[\p{Cc}\p{Cs}]/u.test(character)
}

function clamp(value: number, max: number): number {
  return Math.round(Math.min(Math.max(value, 0), max))
}
