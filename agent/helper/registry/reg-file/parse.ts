import { utf16 } from '#protocol/tools/registry-values.ts'
import type { ValueData } from '../registry.ts'
import { HexReader } from './hex.ts'

export interface RegSection {
  readonly path: string
  /** `[-KEY]`: the key goes, with all beneath it. */
  readonly isDeleted: boolean
  /** In the order of the file; null deletes the value. */
  readonly values: { readonly name: string; readonly data: ValueData | null }[]
}

export interface RegFile {
  readonly sections: readonly RegSection[]
  /** Lines that mean nothing, by their number from 1. */
  readonly problems: readonly { readonly line: number; readonly what: string }[]
}

const HEADERS = ['Windows Registry Editor Version 5.00', 'REGEDIT4']
const PROBLEMS_MAX = 20

/**
 * Reads the text of a `.reg` file, as Windows and Wine write it. Lines that can't be read are told and left out; nothing that stands in one is taken.
 * The work and the memory are in proportion to the text.
 */
export function parseRegFile(text: string): RegFile {
  return new RegParser(text).read()
}

class RegParser {
  readonly #text: string
  readonly #sections: RegSection[] = []
  readonly #problems: { line: number; what: string }[] = []
  #section: RegSection | undefined
  #at = 0
  #isAnsi = false

  constructor(text: string) {
    this.#text = text.startsWith('\uFEFF') ? text.slice(1) : text
  }

  read(): RegFile {
    const header = this.#restOfLine().trim()
    this.#isAnsi = header === HEADERS[1]
    if (!HEADERS.includes(header)) this.#problem(0, 'it doesn’t begin as a .reg file does')
    else
      while (this.#at < this.#text.length) {
        const start = this.#at
        const what = this.#readLine()
        if (what !== undefined) {
          this.#problem(start, what)
          // To the end of the line at which it stopped; where that was read already, it is the one before.
          this.#at = this.#endOfLine(Math.max(start, this.#at - 1))
        }
      }
    return { sections: this.#sections, problems: this.#problems }
  }

  /** Returns what is wrong with it. */
  #readLine(): string | undefined {
    this.#skipSpace()
    const first = this.#text[this.#at]
    if (first === '[') return this.#readKey()
    if (first === '"' || first === '@') return this.#readValue()
    if (first === undefined || first === '\r' || first === '\n' || first === ';') {
      this.#restOfLine()
      return undefined
    }
    return 'neither a key nor a value'
  }

  #readKey(): string | undefined {
    this.#section = undefined
    const line = this.#restOfLine()
    const end = line.lastIndexOf(']')
    if (end < 0 || !isBlank(line.slice(end + 1))) return 'the key has no end'
    const isDeleted = line[1] === '-'
    const path = line.slice(isDeleted ? 2 : 1, end)
    if (path === '') return 'the key has no name'
    this.#section = { path, isDeleted, values: [] }
    this.#sections.push(this.#section)
    return undefined
  }

  #readValue(): string | undefined {
    const name = this.#text[this.#at] === '@' ? this.#default() : this.#quoted()
    if (name === undefined) return 'the name has no end'
    this.#skipSpace()
    if (this.#text[this.#at] !== '=') return 'there is no = after the name'
    this.#at++
    this.#skipSpace()
    const data = this.#readData()
    if (typeof data === 'string') return data
    if (!isBlank(this.#restOfLine())) return 'there is more after the value'
    if (!this.#section) return 'the value is in no key'
    if (this.#section.isDeleted) return 'the value is in a key that is deleted'
    this.#section.values.push({ name, data })
    return undefined
  }

  #default(): string {
    this.#at++
    return ''
  }

  #readData(): ValueData | null | string {
    if (this.#text[this.#at] === '-') {
      this.#at++
      return null
    }
    if (this.#text[this.#at] === '"') {
      const text = this.#quoted()
      return text === undefined ? 'the text has no end' : { type: 1, bytes: utf16(`${text}\0`) }
    }
    DWORD.lastIndex = this.#at
    const dword = DWORD.exec(this.#text)
    if (dword) {
      this.#at = DWORD.lastIndex
      const bytes = new Uint8Array(4)
      new DataView(bytes.buffer).setUint32(0, Number.parseInt(dword[1] ?? '', 16), true)
      return { type: 4, bytes }
    }
    HEX.lastIndex = this.#at
    const hex = HEX.exec(this.#text)
    if (!hex) return 'the value is of no known kind'
    const reader = new HexReader(this.#text, HEX.lastIndex)
    const bytes = reader.read()
    this.#at = reader.at
    const type = hex[1] === undefined ? 3 : Number.parseInt(hex[1], 16)
    if (!bytes) return 'the bytes can’t be read'
    return { type, bytes: this.#isAnsi && ANSI_TYPES.has(type) ? fromAnsi(bytes) : bytes }
  }

  /** A text in quotes, which may go over lines: Windows writes line ends as they are, Wine as `\n` and `\r`. */
  #quoted(): string | undefined {
    const parts: string[] = []
    let from = this.#at + 1
    for (let at = from; ; at++) {
      QUOTE_OR_ESCAPE.lastIndex = at
      const found = QUOTE_OR_ESCAPE.exec(this.#text)
      if (!found) return undefined
      at = found.index
      if (this.#text[at] === '"') {
        parts.push(this.#text.slice(from, at))
        this.#at = at + 1
        return parts.join('')
      }
      const escaped = this.#text[at + 1]
      if (escaped === undefined) return undefined
      parts.push(this.#text.slice(from, at), ESCAPES[escaped] ?? escaped)
      at++
      from = at + 1
    }
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++
  }

  #endOfLine(from: number): number {
    const end = this.#text.indexOf('\n', from)
    return end < 0 ? this.#text.length : end + 1
  }

  #restOfLine(): string {
    const start = this.#at
    this.#at = this.#endOfLine(start)
    return this.#text.slice(start, this.#at).replace(/\r?\n$/, '')
  }

  #problem(at: number, what: string): void {
    if (this.#problems.length < PROBLEMS_MAX) this.#problems.push({ line: lineOf(this.#text, at), what })
  }
}

const DWORD = /dword:([0-9a-fA-F]{1,8})(?![0-9a-fA-F])/y
const HEX = /hex(?:\(([0-9a-fA-F]{1,8})\))?:/y
const QUOTE_OR_ESCAPE = /["\\]/g
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', '0': '\0' }
/** Of these types REGEDIT4 has the bytes of the old code page. */
const ANSI_TYPES = new Set([2, 7])

const isBlank = (rest: string): boolean => /^\s*(;|$)/.test(rest)

const fromAnsi = (bytes: Uint8Array): Uint8Array => utf16(new TextDecoder('windows-1252').decode(bytes))

function lineOf(text: string, at: number): number {
  let line = 1
  for (let from = text.indexOf('\n'); from >= 0 && from < at; from = text.indexOf('\n', from + 1)) line++
  return line
}
