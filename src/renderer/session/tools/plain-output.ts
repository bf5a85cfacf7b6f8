const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
/** In UTF-8 the first byte of the control characters above ASCII. */
const C1_LEAD = 0xc2

type State = 'text' | 'escape' | 'sequence' | 'string' | 'c1'

/** Follows what a device prints as far as it takes to know which of it is lines of text and nothing else. Every byte passes here once, in its order. */
export class PlainOutput {
  #state: State = 'text'

  /** Whether these bytes only print: none of them is, or belongs to, a control sequence. */
  take(bytes: Uint8Array): boolean {
    let isPlain = this.#state === 'text'
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      if (this.#state === 'text' && prints(byte)) continue
      isPlain = false
      this.#state = after(this.#state, byte)
    }
    return isPlain
  }

  reset(): void {
    this.#state = 'text'
  }
}

const prints = (byte: number) =>
  (byte >= 0x20 && byte < 0x7f) || byte === LF || byte === CR || byte === TAB || (byte >= 0x80 && byte !== C1_LEAD)

function after(state: State, byte: number): State {
  if (byte === 0x1b) return 'escape'
  // CAN and SUB end whatever was begun.
  if (byte === 0x18 || byte === 0x1a) return 'text'
  switch (state) {
    case 'text':
      return byte === C1_LEAD ? 'c1' : 'text'
    case 'c1':
      return byte === 0x9b ? 'sequence' : [0x90, 0x98, 0x9d, 0x9e, 0x9f].includes(byte) ? 'string' : 'text'
    case 'escape':
      if (byte === 0x5b) return 'sequence'
      if ([0x50, 0x58, 0x5d, 0x5e, 0x5f].includes(byte)) return 'string'
      return byte >= 0x30 && byte < 0x7f ? 'text' : 'escape'
    case 'sequence':
      return byte >= 0x40 && byte < 0x7f ? 'text' : 'sequence'
    case 'string':
      return byte === 0x07 ? 'text' : 'string'
  }
}

/** Where the last `count` whole lines of plain output begin, in bytes; 0 where there aren't so many. */
export function startOfLastLines(bytes: Uint8Array, count: number): number {
  let lines = -1
  for (let index = bytes.length - 1; index > 0; index--)
    if (bytes[index] === LF && ++lines >= count && bytes[index - 1] === CR) return index + 1
  return 0
}
