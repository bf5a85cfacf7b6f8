import type { XEvent } from 'x11'
import { XConnection } from '../agent/platform/linux/connection.ts'

const KEY_PRESS_AND_RELEASE = 0b11
const BUTTON_PRESS_AND_RELEASE = 0b1100
const SHIFT = 0b1
const LEVEL3 = 0b1000_0000
const LEVEL3_COLUMN = 4
const RETURN = 0xff0d
const TAB = 0xff09

/** A focused X client that hears keys and buttons and reads them as programs do. */
export interface KeyProbe {
  /** What was typed so far. */
  readonly text: string
  /** Presses and releases by X numbers, in their order: `+38`, `-38` for keys, `+b1`, `-b1` for buttons. */
  readonly strokes: readonly string[]
  /** Resolves when `isDone` holds; looks again at each event. */
  until(isDone: (probe: KeyProbe) => boolean): Promise<void>
  /** Where the pointer is, and which keycodes and button bits the server thinks are down. */
  state(): Promise<{ x: number; y: number; keycodes: number[]; buttons: number }>
  close(): Promise<void>
}

export async function openKeyProbe(name: string): Promise<KeyProbe> {
  const connection = await XConnection.open(name, () => undefined)
  const probe = new Probe(connection)
  await probe.focus()
  return probe
}

class Probe implements KeyProbe {
  text = ''
  readonly strokes: string[] = []
  readonly #connection: XConnection
  readonly #checks = new Set<() => void>()
  #pending: Promise<unknown> = Promise.resolve()
  #mapping: readonly (readonly number[])[] = []

  constructor(connection: XConnection) {
    this.#connection = connection
  }

  async focus(): Promise<void> {
    const { client, screen } = this.#connection
    const window = client.AllocID()
    client.CreateWindow(window, screen.root, 0, 0, 4000, 4000, 0, 0, 2, 0, {
      overrideRedirect: true,
      eventMask: KEY_PRESS_AND_RELEASE | BUTTON_PRESS_AND_RELEASE,
    })
    client.MapWindow(window)
    client.SetInputFocus(window, 0)
    // Like Xlib: events are handled in their order, and a changed mapping is fetched when its event is handled.
    client.on('event', (event: XEvent) => {
      this.#pending = this.#pending.then(() => this.#handle(event)).catch(() => undefined)
    })
    await this.#fetchMapping()
  }

  until(isDone: (probe: KeyProbe) => boolean): Promise<void> {
    return new Promise(resolve => {
      const check = () => {
        if (!isDone(this)) return
        this.#checks.delete(check)
        resolve()
      }
      this.#checks.add(check)
      check()
    })
  }

  async state(): Promise<{ x: number; y: number; keycodes: number[]; buttons: number }> {
    const { client, screen } = this.#connection
    const pointer = await this.#connection.ask<{ rootX: number; rootY: number; keyMask: number }>(answer =>
      client.QueryPointer(screen.root, answer),
    )
    const bits = await this.#connection.ask<Buffer>(answer => client.QueryKeymap(answer))
    const keycodes = Array.from({ length: 256 }, (_, code) => code).filter(
      code => (bits[code >> 3] ?? 0) & (1 << (code & 7)),
    )
    return { x: pointer.rootX, y: pointer.rootY, keycodes, buttons: (pointer.keyMask >> 8) & 0x1f }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  async #handle(event: XEvent): Promise<void> {
    const detail = Number(event.keycode)
    if (event.name === 'MappingNotify') await this.#fetchMapping()
    if (event.name === 'KeyPress') this.text += this.#translate(detail, Number(event.buttons))
    if (event.name === 'KeyPress' || event.name === 'KeyRelease') {
      this.strokes.push(`${event.name === 'KeyPress' ? '+' : '-'}${detail}`)
    }
    if (event.name === 'ButtonPress' || event.name === 'ButtonRelease') {
      this.strokes.push(`${event.name === 'ButtonPress' ? '+' : '-'}b${detail}`)
    }
    for (const check of [...this.#checks]) check()
  }

  async #fetchMapping(): Promise<void> {
    const { client, display } = this.#connection
    const count = display.max_keycode - display.min_keycode + 1
    this.#mapping = await this.#connection.ask<number[][]>(answer =>
      client.GetKeyboardMapping(display.min_keycode, count, answer),
    )
  }

  #translate(keycode: number, modifiers: number): string {
    const row = this.#mapping[keycode - this.#connection.display.min_keycode] ?? []
    const column = (modifiers & LEVEL3 ? LEVEL3_COLUMN : 0) + (modifiers & SHIFT ? 1 : 0)
    const keysym = row[column] ?? 0
    if (keysym === RETURN) return '\n'
    if (keysym === TAB) return '\t'
    if (keysym >= 0x0100_0000) return String.fromCodePoint(keysym - 0x0100_0000)
    return keysym >= 0x20 && keysym < 0x100 ? String.fromCharCode(keysym) : ''
  }
}
