import { parseBinaryPlist } from './plist-binary.ts'
import { parseXmlPlist } from './plist-xml.ts'

const PLIST_MAX_BYTES = 64 * 1024

/** The dictionary of a property list, as text or binary (macOS keeps managed preferences as the latter). Throws for anything else. */
export function parsePlist(bytes: Buffer): Record<string, unknown> {
  if (bytes.length > PLIST_MAX_BYTES) throw new Error('it is larger than 64 KiB')
  const isBinary = bytes.subarray(0, 6).toString('latin1') === 'bplist'
  const value = isBinary ? parseBinaryPlist(bytes) : parseXmlPlist(bytes.toString('utf8'))
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it holds no dictionary')
  return value as Record<string, unknown>
}
