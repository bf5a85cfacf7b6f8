import { setTimeout as delay } from 'node:timers/promises'
import type { XConnection } from './connection.ts'
import { keysymsFor, typeableCharacters } from './keysyms.ts'
import { KeyboardLayout, type Stroke } from './layout.ts'

/** Programs read the new mapping when they handle the key, not when it was pressed; a spare key keeps its meaning for this long after. */
const SETTLE_MS = 100

/** Characters sent before waiting for the server, which bounds what waits in its queues. */
const CHUNK_CHARACTERS = 200

export interface TypingKeys {
  setKeycode(keycode: number, isPressed: boolean): void
  /** Keycodes that are held at this moment, in the order in which they were pressed. */
  heldKeycodes(): readonly number[]
}

/** Types a text and leaves the keyboard as it was: mapping, Caps Lock, held modifiers. Stops early when `signal` aborts. */
export async function typeCharacters(
  connection: XConnection,
  keys: TypingKeys,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const characters = typeableCharacters(text)
  if (characters.length === 0) return
  const layout = await KeyboardLayout.read(connection)
  const spares = new SpareKeys(connection, layout)
  const heldModifiers = keys.heldKeycodes().filter(keycode => layout.modifierKeycodes.has(keycode))
  const tapLock = () => layout.activeLockKeycode !== undefined && tap(keys, layout.activeLockKeycode)

  for (const keycode of heldModifiers) keys.setKeycode(keycode, false)
  tapLock()
  try {
    for (let at = 0; at < characters.length && !signal.aborted; at++) {
      const character = characters[at] as string
      const stroke = layout.find(character) ?? (await spares.strokeFor(characters, at))
      if (signal.aborted) break
      if (stroke) strike(keys, layout, stroke)
      if (at % CHUNK_CHARACTERS === CHUNK_CHARACTERS - 1) await connection.sync()
    }
    await connection.sync()
  } finally {
    tapLock()
    await spares.restore()
    if (!signal.aborted) for (const keycode of heldModifiers) keys.setKeycode(keycode, true)
  }
}

function tap(keys: TypingKeys, keycode: number): void {
  keys.setKeycode(keycode, true)
  keys.setKeycode(keycode, false)
}

function strike(keys: TypingKeys, layout: KeyboardLayout, stroke: Stroke): void {
  const modifiers = [
    ...(stroke.isLevel3 && layout.level3Keycode ? [layout.level3Keycode] : []),
    ...(stroke.isShifted && layout.shiftKeycode ? [layout.shiftKeycode] : []),
  ]
  for (const keycode of modifiers) keys.setKeycode(keycode, true)
  tap(keys, stroke.keycode)
  for (const keycode of modifiers.reverse()) keys.setKeycode(keycode, false)
}

/** Keys that are mapped to characters which the layout lacks, as many at a time as there are spare ones. */
class SpareKeys {
  readonly #connection: XConnection
  readonly #layout: KeyboardLayout
  readonly #keycodes: readonly number[]
  #mapped = new Map<string, number>()

  constructor(connection: XConnection, layout: KeyboardLayout) {
    this.#connection = connection
    this.#layout = layout
    this.#keycodes = layout.spareKeycodes()
  }

  /** For the character at `at`; what the ones after it need is mapped in the same go. */
  async strokeFor(characters: readonly string[], at: number): Promise<Stroke | undefined> {
    const character = characters[at] as string
    if (!this.#mapped.has(character)) await this.#map(characters.slice(at))
    const keycode = this.#mapped.get(character)
    return keycode === undefined ? undefined : { keycode, isShifted: false, isLevel3: false }
  }

  /** Puts the keys back to what they were. */
  async restore(): Promise<void> {
    if (this.#mapped.size === 0) return
    await this.#settle()
    for (const keycode of this.#mapped.values()) this.#change(keycode, this.#layout.keysymsOf(keycode))
    this.#mapped.clear()
    await this.#connection.sync().catch(() => undefined)
  }

  async #map(upcoming: readonly string[]): Promise<void> {
    if (this.#mapped.size > 0) await this.#settle()
    const used = [...this.#mapped.values()]
    const missing = new Set<string>()
    for (const character of upcoming) {
      if (missing.size === this.#keycodes.length) break
      if (!this.#layout.find(character)) missing.add(character)
    }
    const free = [...this.#keycodes.filter(keycode => !used.includes(keycode)), ...used]
    this.#mapped = new Map([...missing].map((character, index) => [character, free[index] as number]))
    for (const [character, keycode] of this.#mapped) {
      const keysym = keysymsFor(character)[0] ?? 0
      // Both levels alike: neither Shift nor Caps Lock may turn the character into another one.
      this.#change(keycode, [keysym, keysym])
    }
    for (const keycode of used) {
      if (![...this.#mapped.values()].includes(keycode)) this.#change(keycode, this.#layout.keysymsOf(keycode))
    }
    await this.#connection.sync()
  }

  async #settle(): Promise<void> {
    await this.#connection.sync().catch(() => undefined)
    await delay(SETTLE_MS)
  }

  #change(keycode: number, keysyms: readonly number[]): void {
    this.#connection.tell(client => client.ChangeKeyboardMapping(keycode, keysyms.length, keysyms))
  }
}
