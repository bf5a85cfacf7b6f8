import { toDisplayLine } from '../text.ts'
import { PREVIEW_MAX } from './registry.ts'

/** The types of values that have a name; any other number is a type too. */
export const VALUE_TYPES = {
  none: 0,
  string: 1,
  expandable: 2,
  binary: 3,
  dword: 4,
  'dword-big-endian': 5,
  link: 6,
  multi: 7,
  qword: 11,
} as const

const NAMES: Readonly<Record<number, string>> = {
  0: 'REG_NONE',
  1: 'REG_SZ',
  2: 'REG_EXPAND_SZ',
  3: 'REG_BINARY',
  4: 'REG_DWORD',
  5: 'REG_DWORD_BIG_ENDIAN',
  6: 'REG_LINK',
  7: 'REG_MULTI_SZ',
  8: 'REG_RESOURCE_LIST',
  9: 'REG_FULL_RESOURCE_DESCRIPTOR',
  10: 'REG_RESOURCE_REQUIREMENTS_LIST',
  11: 'REG_QWORD',
}

export const typeName = (type: number): string => NAMES[type] ?? `0x${type.toString(16)}`

/** A value's data as what an editor shows. What isn't well-formed for its type is bytes, so that nothing is lost by looking at it. */
export type ValueContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'number'; readonly number: bigint; readonly bits: 32 | 64 }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

export function readContent(type: number, bytes: Uint8Array): ValueContent {
  switch (type) {
    case VALUE_TYPES.string:
    case VALUE_TYPES.expandable: {
      const text = terminated(bytes)
      return text === undefined || text.includes('\0') ? { kind: 'bytes', bytes } : { kind: 'text', text }
    }
    case VALUE_TYPES.multi: {
      const lines = linesOf(bytes)
      return lines ? { kind: 'lines', lines } : { kind: 'bytes', bytes }
    }
    case VALUE_TYPES.dword:
      return bytes.length === 4
        ? { kind: 'number', number: BigInt(viewOf(bytes).getUint32(0, true)), bits: 32 }
        : { kind: 'bytes', bytes }
    case VALUE_TYPES['dword-big-endian']:
      return bytes.length === 4
        ? { kind: 'number', number: BigInt(viewOf(bytes).getUint32(0)), bits: 32 }
        : { kind: 'bytes', bytes }
    case VALUE_TYPES.qword:
      return bytes.length === 8
        ? { kind: 'number', number: viewOf(bytes).getBigUint64(0, true), bits: 64 }
        : { kind: 'bytes', bytes }
    default:
      return { kind: 'bytes', bytes }
  }
}

/** The bytes of what an editor shows. Throws `RangeError` for a number that doesn't fit, and for a NUL or an empty line where it would end the list. */
export function writeContent(type: number, content: ValueContent): Uint8Array {
  switch (content.kind) {
    case 'bytes':
      return content.bytes
    case 'text':
      if (content.text.includes('\0')) throw new RangeError('a text ends at a NUL')
      return utf16(`${content.text}\0`)
    case 'lines':
      if (content.lines.some(line => line === '' || line.includes('\0')))
        throw new RangeError('a list of texts ends at an empty one')
      return utf16(`${content.lines.map(line => `${line}\0`).join('')}\0`)
    case 'number':
      return numberBytes(type, content.number, content.bits)
  }
}

/** One line of what it holds, for a list. */
export function previewOf(type: number, bytes: Uint8Array): string {
  // What is cut anyway isn't read.
  const isLong = bytes.length > PREVIEW_MAX * 4
  const content = isLong && type !== VALUE_TYPES.multi ? undefined : readContent(type, bytes)
  switch (content?.kind) {
    case 'text':
      return toDisplayLine(content.text, PREVIEW_MAX)
    case 'lines':
      return toDisplayLine(content.lines.join(' · '), PREVIEW_MAX)
    case 'number':
      return `${content.number} (0x${content.number.toString(16).padStart(content.bits / 4, '0')})`
    default:
      if (isLong && (type === VALUE_TYPES.string || type === VALUE_TYPES.expandable))
        return toDisplayLine(fromUtf16(bytes.subarray(0, PREVIEW_MAX * 4)), PREVIEW_MAX)
      return hexText(bytes.subarray(0, 48)) + (bytes.length > 48 ? ' …' : '')
  }
}

export const hexText = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(' ')

export function utf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  const view = viewOf(bytes)
  for (let index = 0; index < text.length; index++) view.setUint16(index * 2, text.charCodeAt(index), true)
  return bytes
}

/** Code unit by code unit: half characters stay what they are. `bytes` is cut to whole units. */
export function fromUtf16(bytes: Uint8Array): string {
  const view = viewOf(bytes)
  const parts: string[] = []
  const units: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    units.push(view.getUint16(at, true))
    if (units.length === 4096) parts.push(String.fromCharCode(...units.splice(0)))
  }
  return parts.join('') + String.fromCharCode(...units)
}

/** The text before the one NUL at its end. */
function terminated(bytes: Uint8Array): string | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined
  const text = fromUtf16(bytes)
  return text.endsWith('\0') ? text.slice(0, -1) : undefined
}

function linesOf(bytes: Uint8Array): string[] | undefined {
  const text = terminated(bytes)
  if (text === undefined) return undefined
  if (text === '') return []
  if (!text.endsWith('\0')) return undefined
  const lines = text.slice(0, -1).split('\0')
  return lines.includes('') ? undefined : lines
}

function numberBytes(type: number, number: bigint, bits: 32 | 64): Uint8Array {
  if (number < 0n || number >= 1n << BigInt(bits)) throw new RangeError('the number doesn’t fit')
  const bytes = new Uint8Array(bits / 8)
  if (bits === 64) viewOf(bytes).setBigUint64(0, number, true)
  else viewOf(bytes).setUint32(0, Number(number), type !== VALUE_TYPES['dword-big-endian'])
  return bytes
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
