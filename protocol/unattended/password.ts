import { PASSWORD_CHARACTERS } from '../limits.ts'

/** Crockford's base32: no I, L, O or U, so that a password that is read aloud or from a screen is read right. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUPS = /^(.{4})(.{4})(.{5})$/
/** What people write for a character that isn't in the alphabet. */
const MISREAD: Readonly<Record<string, string>> = { O: '0', I: '1', L: '1' }
const TYPED_MAX = 64

/** The one-time password of these random bytes: 13 characters, 65 bits. 256 is a multiple of 32, so each character is as likely as any other. */
export function passwordFromBytes(randomBytes: Uint8Array): string {
  if (randomBytes.length !== PASSWORD_CHARACTERS) throw new RangeError('a one-time password takes 13 random bytes')
  return Array.from(randomBytes, byte => ALPHABET.charAt(byte & 31)).join('')
}

/** For people: `7XK2-M9QP-TV3RH`. */
export const groupedPassword = (password: string): string => password.replace(GROUPS, '$1-$2-$3')

/** What a person typed, as it was issued; undefined when it can't be a password. Case, spaces and hyphens don't matter. */
export function readPassword(typed: string): string | undefined {
  if (typed.length > TYPED_MAX) return undefined
  const plain = typed
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[OIL]/g, character => MISREAD[character] ?? character)
  const isPassword = plain.length === PASSWORD_CHARACTERS && [...plain].every(character => ALPHABET.includes(character))
  return isPassword ? plain : undefined
}
