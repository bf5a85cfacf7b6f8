import { HandholdError } from '#protocol/errors.ts'
import { fromUtf16, utf16 } from '#protocol/tools/registry-values.ts'
import type { ValueData } from '../registry.ts'
import type { RegSection } from './parse.ts'

/** Where regedit breaks a line of bytes. */
const LINE_MAX = 77

/** The text of a `.reg` file, with what regedit would write: what isn't a plain text or a number stands as bytes, so that every value comes back as it was. */
export function writeRegFile(sections: readonly RegSection[]): string {
  const lines = ['Windows Registry Editor Version 5.00', '']
  for (const { path, isDeleted, values } of sections) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the format has no way to write them in a key's name
    if (/[\u0000-\u001f]/.test(path))
      throw new HandholdError('registry-unreadable', 'The name of a key has characters that no .reg file can hold.')
    lines.push(`[${isDeleted ? '-' : ''}${path}]`)
    for (const { name, data } of values) lines.push(writeValue(name, data))
    lines.push('')
  }
  return `${lines.join('\r\n')}\r\n`
}

/** As Windows keeps the files: UTF-16, with the mark at its beginning. */
export const encodeRegFile = (text: string): Uint8Array => utf16(`\uFEFF${text}`)

/** UTF-16 by its mark; else UTF-8, and where it isn't that, the old code page. */
export function decodeRegFile(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return fromUtf16(bytes.subarray(2))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

function writeValue(name: string, data: ValueData | null): string {
  const begin = name === '' ? '@=' : `"${escapeText(name)}"=`
  if (data === null) return `${begin}-`
  const text = data.type === 1 ? plainText(data.bytes) : undefined
  if (text !== undefined) return `${begin}"${escapeText(text)}"`
  if (data.type === 4 && data.bytes.length === 4) {
    const { buffer, byteOffset } = data.bytes
    return `${begin}dword:${new DataView(buffer, byteOffset).getUint32(0, true).toString(16).padStart(8, '0')}`
  }
  return hexLines(begin + (data.type === 3 ? 'hex:' : `hex(${data.type.toString(16)}):`), data.bytes)
}

function hexLines(begin: string, bytes: Uint8Array): string {
  const lines: string[] = []
  let line = begin
  for (let index = 0; index < bytes.length; index++) {
    line += (bytes[index] ?? 0).toString(16).padStart(2, '0')
    if (index === bytes.length - 1) break
    line += ','
    if (line.length >= LINE_MAX) {
      lines.push(`${line}\\`)
      line = '  '
    }
  }
  return [...lines, line].join('\r\n')
}

/** A text that ends with its only NUL and stays what it is on one line. */
function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined
  const text = fromUtf16(bytes)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what makes it no plain text
  return text.endsWith('\0') && !/[\u0000-\u001f]/.test(text.slice(0, -1)) ? text.slice(0, -1) : undefined
}

const escapeText = (text: string): string =>
  text.replace(/[\\"\r\n]/g, found => (found === '\r' ? '\\r' : found === '\n' ? '\\n' : `\\${found}`))
