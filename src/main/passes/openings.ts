import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HandholdError } from '#protocol/errors.ts'
import { PASS_FILE_ENDING, readPassLink } from '#protocol/trust/access-pass.ts'

const PATH_MAX_CHARACTERS = 4_096

/** What the system asks the app to open. */
export type Opening =
  | { readonly kind: 'link'; readonly passId: string }
  | { readonly kind: 'file'; readonly path: string }

/**
 * The one link or file among the arguments of a start, of a second start or of an event of the system; undefined where there is none. Whatever else the
 * arguments hold is not looked at, so nobody gives the app a switch, an address or a setting by a link. Throws `bad-request` for more than one, and for
 * what only looks like one. `folder` is where relative paths begin.
 */
export function openingOf(args: readonly string[], folder: string): Opening | undefined {
  const [first, ...others] = args.filter(isMeant)
  if (first === undefined) return undefined
  if (others.length > 0) throw oneAtATime()
  if (isLink(first)) {
    const passId = readPassLink(first)
    if (passId === undefined) throw refused('This link is not one of an access pass. Copy it again.')
    return { kind: 'link', passId }
  }
  return { kind: 'file', path: pathOf(first, folder) }
}

const isLink = (text: string): boolean => /^handhold:/i.test(text)
const isMeant = (text: string): boolean =>
  isLink(text) || (!text.startsWith('-') && text.toLowerCase().endsWith(PASS_FILE_ENDING))

function pathOf(text: string, folder: string): string {
  if (text.length > PATH_MAX_CHARACTERS || /\p{Cc}/u.test(text)) throw notAFile()
  const path = /^file:/i.test(text) ? fromUrl(text) : text
  // A path of another machine would be asked for with this person's name and password.
  if (/^[\\/]{2}/.test(path)) throw notAFile()
  // Another scheme, or a stream of another file on Windows.
  if (path.indexOf(':', /^[a-z]:[\\/]/i.test(path) ? 2 : 0) !== -1) throw notAFile()
  return isAbsolute(path) ? path : resolve(folder, path)
}

function fromUrl(text: string): string {
  try {
    const path = fileURLToPath(text)
    if (path.includes('\0')) throw notAFile()
    return path
  } catch (cause) {
    throw notAFile(cause)
  }
}

export const oneAtATime = () => refused('Open one access pass at a time.')
const notAFile = (cause?: unknown) =>
  refused('This can’t be opened as an access pass. Choose the file itself, on this computer.', cause)
const refused = (words: string, cause?: unknown) => new HandholdError('bad-request', words, { cause })
