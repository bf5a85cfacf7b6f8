const TRAILER_BYTES = 32
const DEPTH_MAX = 8

interface Layout {
  readonly bytes: Buffer
  readonly offsets: readonly number[]
  readonly referenceBytes: number
}

/** The value of a binary property list (`bplist00`): dictionaries, arrays, text, integers and truth. Throws for the rest, and for what lies outside the file. */
export function parseBinaryPlist(bytes: Buffer): unknown {
  if (bytes.subarray(0, 8).toString('latin1') !== 'bplist00') throw new Error('its version is unknown')
  const trailer = bytes.length - TRAILER_BYTES
  const offsetBytes = bytes.readUInt8(trailer + 6)
  const referenceBytes = bytes.readUInt8(trailer + 7)
  const count = numberAt(bytes, trailer + 8, 8)
  const top = numberAt(bytes, trailer + 16, 8)
  const table = numberAt(bytes, trailer + 24, 8)
  if (count > bytes.length) throw new Error('it has more objects than bytes')
  const offsets = Array.from({ length: count }, (_, index) => numberAt(bytes, table + index * offsetBytes, offsetBytes))
  return read({ bytes, offsets, referenceBytes }, top, 0)
}

function read(layout: Layout, index: number, depth: number): unknown {
  const { bytes, offsets } = layout
  const at = offsets[index]
  if (at === undefined || depth > DEPTH_MAX) throw new Error('an object is missing or too deep')
  const marker = bytes.readUInt8(at)
  const kind = marker >> 4
  if (marker === 0x08 || marker === 0x09) return marker === 0x09
  if (kind === 0x1) return numberAt(bytes, at + 1, 1 << (marker & 15))
  const { length, start } = lengthAt(bytes, at)
  switch (kind) {
    case 0x5:
      return slice(bytes, start, length).toString('latin1')
    case 0x6:
      return Buffer.from(slice(bytes, start, length * 2))
        .swap16()
        .toString('utf16le')
    case 0xa:
      return references(layout, start, length).map(item => read(layout, item, depth + 1))
    case 0xd: {
      const keys = references(layout, start, length)
      const values = references(layout, start + length * layout.referenceBytes, length)
      return Object.fromEntries(
        keys.map((key, item) => [String(read(layout, key, depth + 1)), read(layout, values[item] ?? -1, depth + 1)]),
      )
    }
    default:
      throw new Error(`it has a value of the kind ${kind}`)
  }
}

function references({ bytes, referenceBytes }: Layout, start: number, length: number): number[] {
  // Before the array is made: a length of the file's own making must not fill the memory.
  slice(bytes, start, length * referenceBytes)
  return Array.from({ length }, (_, item) => numberAt(bytes, start + item * referenceBytes, referenceBytes))
}

/** A length over 14 follows as an integer of its own. */
function lengthAt(bytes: Buffer, at: number): { length: number; start: number } {
  const short = bytes.readUInt8(at) & 15
  if (short < 15) return { length: short, start: at + 1 }
  const size = 1 << (bytes.readUInt8(at + 1) & 15)
  return { length: numberAt(bytes, at + 2, size), start: at + 2 + size }
}

function numberAt(bytes: Buffer, at: number, size: number): number {
  if (size < 1 || size > 8) throw new Error('it has a number of an unknown size')
  const value = BigInt(`0x${slice(bytes, at, size).toString('hex')}`)
  const number = Number(size === 8 ? BigInt.asIntN(64, value) : value)
  if (!Number.isSafeInteger(number)) throw new Error('it has a number that is too large')
  return number
}

function slice(bytes: Buffer, start: number, length: number): Buffer {
  if (start < 0 || length < 0 || start + length > bytes.length) throw new Error('it points outside itself')
  return bytes.subarray(start, start + length)
}
