/** Bytes in hexadecimal, with commas between them; a backslash at the end of a line goes on in the next. */
export class HexReader {
  readonly #text: string
  /** Where it stopped: at the end of the line or at a comment. */
  at: number

  constructor(text: string, at: number) {
    this.#text = text
    this.at = at
  }

  /** Undefined where something else stands among them. */
  read(): Uint8Array | undefined {
    let bytes = new Uint8Array(32)
    let length = 0
    let isBroken = false
    let mayComma = false
    for (;;) {
      this.#skipSpace()
      const code = this.#text.charCodeAt(this.at)
      if (Number.isNaN(code) || code === LF || code === CR || code === SEMICOLON) break
      if (code === BACKSLASH && this.#nextLine()) continue
      if (code === COMMA && mayComma) {
        mayComma = false
        this.at++
        continue
      }
      const high = digit(code)
      if (high < 0 || mayComma) {
        isBroken = true
        break
      }
      const low = digit(this.#text.charCodeAt(this.at + 1))
      if (length === bytes.length) bytes = grown(bytes)
      bytes[length++] = low < 0 ? high : high * 16 + low
      this.at += low < 0 ? 1 : 2
      mayComma = true
    }
    return isBroken ? undefined : bytes.slice(0, length)
  }

  #skipSpace(): void {
    for (let code = this.#text.charCodeAt(this.at); code === SPACE || code === TAB; ) {
      this.at++
      code = this.#text.charCodeAt(this.at)
    }
  }

  /** Whether only the line's end follows the backslash. */
  #nextLine(): boolean {
    let at = this.at + 1
    while (this.#text.charCodeAt(at) === SPACE || this.#text.charCodeAt(at) === TAB) at++
    if (this.#text.charCodeAt(at) === CR) at++
    if (at < this.#text.length && this.#text.charCodeAt(at) !== LF) return false
    this.at = at + 1
    return true
  }
}

const LF = 10
const CR = 13
const TAB = 9
const SPACE = 32
const COMMA = 44
const SEMICOLON = 59
const BACKSLASH = 92

function digit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 32
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2)
  larger.set(bytes)
  return larger
}
