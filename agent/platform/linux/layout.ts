import type { XConnection } from './connection.ts'
import { keysymsFor } from './keysyms.ts'

const LOCK_MODIFIER = 1
const LOCK_BIT = 0b10
const LEVEL3_SHIFT_KEYSYM = 0xfe03
const VENDOR_KEYSYMS = 0x1008_0000

/** The core protocol lists 2 levels of each of 2 groups, then the third and fourth levels of both. */
const COLUMNS_BY_GROUP = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
] as const

export interface Stroke {
  readonly keycode: number
  readonly isShifted: boolean
  readonly isLevel3: boolean
}

interface Mapping {
  readonly firstKeycode: number
  readonly rows: readonly (readonly number[])[]
  readonly modifierKeys: readonly (readonly number[])[]
  /** The modifier bits and, in bits 13 and 14, the group that are in effect. */
  readonly state: number
}

/** What the server's keyboard types at this moment. A snapshot: read it again for each text. */
export class KeyboardLayout {
  readonly shiftKeycode: number | undefined
  readonly level3Keycode: number | undefined
  /** Set while Caps Lock is on: the key that switches it off. */
  readonly activeLockKeycode: number | undefined
  readonly modifierKeycodes: ReadonlySet<number>
  readonly #mapping: Mapping
  readonly #strokes = new Map<number, Stroke>()

  constructor(mapping: Mapping) {
    const { modifierKeys, state } = mapping
    this.#mapping = mapping
    this.modifierKeycodes = new Set(modifierKeys.flat().filter(keycode => keycode !== 0))
    this.shiftKeycode = modifierKeys[0]?.find(keycode => keycode !== 0)
    this.level3Keycode = this.#keycodeOf(LEVEL3_SHIFT_KEYSYM)
    this.activeLockKeycode = state & LOCK_BIT ? modifierKeys[LOCK_MODIFIER]?.find(keycode => keycode !== 0) : undefined
    this.#index(COLUMNS_BY_GROUP[(state >>> 13) & 0b11])
  }

  static async read(connection: XConnection): Promise<KeyboardLayout> {
    const { client, display, screen } = connection
    const firstKeycode = display.min_keycode
    const [rows, modifierKeys, pointer] = await Promise.all([
      connection.ask<number[][]>(answer =>
        client.GetKeyboardMapping(firstKeycode, display.max_keycode - firstKeycode + 1, answer),
      ),
      connection.ask<number[][]>(answer => client.GetModifierMapping(answer)),
      connection.ask<{ keyMask: number }>(answer => client.QueryPointer(screen.root, answer as never)),
    ])
    return new KeyboardLayout({ firstKeycode, rows, modifierKeys, state: pointer.keyMask })
  }

  /** Undefined when no key types the character; a spare one must be mapped then. */
  find(character: string): Stroke | undefined {
    for (const keysym of keysymsFor(character)) {
      const stroke = this.#strokes.get(keysym)
      if (stroke) return stroke
    }
    return undefined
  }

  /** Keycodes that may be mapped for the moment: those that type nothing, or else those of rare multimedia keys. */
  spareKeycodes(): number[] {
    const keycodesWhere = (isSpare: (row: readonly number[]) => boolean) =>
      this.#mapping.rows.flatMap((row, index) => {
        const keycode = this.#mapping.firstKeycode + index
        return isSpare(row) && !this.modifierKeycodes.has(keycode) ? [keycode] : []
      })
    const empty = keycodesWhere(row => row.every(keysym => keysym === 0))
    return empty.length > 0
      ? empty
      : keycodesWhere(row => row.every(keysym => keysym === 0 || keysym >= VENDOR_KEYSYMS))
  }

  /** The keysyms that a keycode had when this was read, for putting them back. */
  keysymsOf(keycode: number): readonly number[] {
    return this.#mapping.rows[keycode - this.#mapping.firstKeycode] ?? []
  }

  #keycodeOf(keysym: number): number | undefined {
    const index = this.#mapping.rows.findIndex(row => row[0] === keysym)
    return index < 0 ? undefined : this.#mapping.firstKeycode + index
  }

  // Plain levels are indexed first, so that the stroke with the fewest modifiers wins.
  #index(columns: readonly number[] | undefined): void {
    columns?.forEach((column, level) => {
      const isShifted = level % 2 === 1
      const isLevel3 = level >= 2
      if ((isShifted && !this.shiftKeycode) || (isLevel3 && !this.level3Keycode)) return
      this.#mapping.rows.forEach((row, index) => {
        const keysym = row[column]
        if (!keysym || this.#strokes.has(keysym)) return
        this.#strokes.set(keysym, { keycode: this.#mapping.firstKeycode + index, isShifted, isLevel3 })
      })
    })
  }
}
