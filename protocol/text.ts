import { z } from 'zod'

// Controls (Cc), formats (Cf: bidirectional marks, overrides and isolates, zero-width characters, byte-order mark), separators and the Hangul fillers hide
// or reorder what a person reads.
const DECEPTIVE = /[\p{Cc}\p{Cf}\u2028\u2029\u115f\u1160\u3164]/gu

/** Most of what comes: printable ASCII, one space between its words. There is nothing in it to look for. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** Text from a stranger as one honest line: deceptive characters out, white space folded, cut to `maxLength` characters with an ellipsis. */
export function toDisplayLine(text: string, maxLength: number): string {
  if (text.length <= maxLength && PLAIN.test(text)) return text
  // The slice bounds the work on a hostile megabyte before any pattern runs.
  const line = text
    .slice(0, maxLength * 8)
    // Half a character (a lone surrogate) is stored, sent and compared differently by different programs.
    .toWellFormed()
    .replace(/[\t\n\r\u2028\u2029]/g, ' ')
    .replace(DECEPTIVE, '')
    .replace(/\s+/g, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join('')}…`
}

/** A string that people will read as one line; made honest on parsing. Longer input than 8 × `maxLength` is refused. */
export const displayLine = (maxLength: number) =>
  z
    .string()
    .max(maxLength * 8)
    .transform(text => toDisplayLine(text, maxLength))

/** As `toDisplayLine`, with its line ends: at most `maxLength` characters and no two empty lines in a row. */
function toDisplayText(text: string, maxLength: number): string {
  const lines = text
    .slice(0, maxLength * 8)
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map(line => toDisplayLine(line, maxLength))
  const whole = lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
  const characters = Array.from(whole)
  return characters.length <= maxLength ? whole : `${characters.slice(0, maxLength - 1).join('')}…`
}

/** A string that people will read as a text of several lines; made honest on parsing. Longer input than 8 × `maxLength` is refused. */
export const displayText = (maxLength: number) =>
  z
    .string()
    .max(maxLength * 8)
    .transform(text => toDisplayText(text, maxLength))
