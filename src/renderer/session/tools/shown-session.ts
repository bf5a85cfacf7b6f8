import { helperToolsSchema, OUTPUT, type TerminalView } from '#protocol/tools/messages.ts'
import type { ToolLevel } from '#protocol/tools/tools.ts'
import { shownNoteSchema } from '#protocol/tools/watch/shown.ts'
import { Emitter } from '../emitter.ts'
import type { TerminalSize } from './shown-terminal.ts'

/** Kept of each terminal for when its tab is shown. */
const KEPT_BYTES = 256 * 1024
const DEEDS_MAX = 200

export interface WatchedTerminal {
  readonly key: string
  readonly view: TerminalView
  readonly size: TerminalSize
}

/** Something that was done without a terminal. */
export interface Deed {
  readonly number: number
  readonly text: string
}

export interface ShownParts {
  readonly level: ToolLevel
  readonly isBroken: boolean
  /** Base64. */
  readonly messages: readonly string[]
}

interface ShownEvents {
  /** Other terminals, another size or another deed than before. */
  changed: undefined
  output: { readonly key: string; readonly bytes: Uint8Array }
}

/** Somebody else's tools as their second person is shown them. What comes is a device's word: it is checked, and what isn't known is left out. */
export class ShownSession {
  readonly events = new Emitter<ShownEvents>()
  readonly #terminals = new Map<string, WatchedTerminal>()
  readonly #past = new Map<string, Uint8Array[]>()
  #deeds: readonly Deed[] = []
  #leftOutBytes = 0
  #isBroken = false

  get terminals(): readonly WatchedTerminal[] {
    return [...this.#terminals.values()]
  }

  /** What was done without a terminal, newest first. */
  get deeds(): readonly Deed[] {
    return this.#deeds
  }

  get leftOutBytes(): number {
    return this.#leftOutBytes
  }

  /** Something got lost on the way. */
  get isBroken(): boolean {
    return this.#isBroken
  }

  pastOf(key: string): readonly Uint8Array[] {
    return this.#past.get(key) ?? []
  }

  take({ level, isBroken, messages }: ShownParts): void {
    this.#isBroken ||= isBroken
    for (const text of messages) {
      const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0))
      if (bytes[0] === OUTPUT) this.#print(`${level} ${bytes[1]}`, bytes.subarray(2))
      else this.#read(level, bytes)
    }
    this.events.emit('changed', undefined)
  }

  #print(key: string, bytes: Uint8Array): void {
    if (!this.#terminals.has(key)) return
    const past = this.#past.get(key) ?? []
    this.#past.set(key, past)
    past.push(bytes)
    let kept = past.reduce((sum, chunk) => sum + chunk.length, 0)
    while (kept > KEPT_BYTES && past.length > 1) kept -= past.shift()?.length ?? 0
    this.events.emit('output', { key, bytes })
  }

  #read(level: ToolLevel, bytes: Uint8Array): void {
    const value = parse(bytes)
    const note = shownNoteSchema.safeParse(value).data
    if (note?.type === 'from-start') {
      for (const key of [...this.#terminals.keys()]) if (key.startsWith(`${level} `)) this.#forget(key)
    } else if (note?.type === 'left-out') this.#leftOutBytes += note.bytes
    else if (note?.type === 'did') this.#add(note.text)
    else if (note?.type === 'size') this.#resize(`${level} ${note.terminal}`, note)
    else this.#hear(level, value)
  }

  #add(text: string): void {
    const number = (this.#deeds[0]?.number ?? 0) + 1
    this.#deeds = [{ number, text }, ...this.#deeds].slice(0, DEEDS_MAX)
  }

  #hear(level: ToolLevel, value: unknown): void {
    const message = helperToolsSchema.safeParse(value).data
    if (message?.type === 'opened') {
      const key = `${level} ${message.terminal.terminal}`
      if (!this.#terminals.has(key))
        this.#terminals.set(key, { key, view: message.terminal, size: { columns: 80, rows: 24 } })
    } else if (message?.type === 'exited') this.#forget(`${level} ${message.terminal}`)
  }

  #resize(key: string, { columns, rows }: TerminalSize): void {
    const terminal = this.#terminals.get(key)
    if (terminal) this.#terminals.set(key, { ...terminal, size: { columns, rows } })
  }

  #forget(key: string): void {
    this.#terminals.delete(key)
    this.#past.delete(key)
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
