import { HandholdError } from '#protocol/errors.ts'
import { COMMON_DIGITS, COMMON_WORDS } from './common-words.ts'

const DISTINCT_MIN = 5
/** The keys 1 to 0 with Shift. */
const SHIFTED_DIGITS = '!@#$%^&*()'

/**
 * Throws `password-weak` for what is guessed first: common words with decoration, repetition, runs, and what names the account or its organisation.
 * There are no rules of composition and no upper limit worth mentioning (ASVS 6.2).
 */
export function requireStrongPassword(
  password: string,
  { email, organisation }: { email: string; organisation: string },
) {
  const text = password.normalize('NFKC').toLowerCase()
  const own = [
    ...email.toLowerCase().split(/[@.]/),
    ...organisation.toLowerCase().split(/\s+/),
    organisation.toLowerCase(),
  ]
  const rest = own
    .filter(word => word.length >= 3)
    .sort((a, b) => b.length - a.length)
    .reduce((left, word) => left.replaceAll(word, ''), text)
  const isNamed = rest !== text && letters(rest).length < 8
  const isPlain = new Set(text).size < DISTINCT_MIN || isRun(text) || isRepeated(text)
  if (isNamed || isPlain || isCommon(text))
    throw new HandholdError(
      'password-weak',
      'This password is guessed too easily. Take several words that have nothing to do with each other.',
    )
}

const letters = (text: string) => text.replace(/[^\p{L}]/gu, '')

/** Nothing but common words, once the decoration is off; without any letter, nothing but common numbers. */
function isCommon(text: string): boolean {
  if (letters(text) === '')
    return [unshifted(text), text].some(line => isMadeOf(COMMON_DIGITS, line.replace(/\D/g, '')))
  return [text, spelt(text, WITHIN_WORD), spelt(text, BESIDE_LETTER)]
    .map(letters)
    .some(word => word !== '' && isMadeOf(COMMON_WORDS, word))
}

/** Where a digit stands for a letter: `passw0rd`, and `hell0` as well. A number that only follows a word is none of its letters. */
const WITHIN_WORD = (sign: string) => new RegExp(`(?<=\\p{L})${sign}(?=\\p{L})`, 'gu')
const BESIDE_LETTER = (sign: string) => new RegExp(`(?<=\\p{L})${sign}|${sign}(?=\\p{L})`, 'gu')

const spelt = (text: string, stands: (sign: string) => RegExp): string =>
  text
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replace(stands('0'), 'o')
    .replace(stands('3'), 'e')
    .replace(/1(?=\p{L})/gu, 'i')

/** A row of the keyboard is the same row with Shift. */
const unshifted = (text: string): string =>
  Array.from(text, sign => {
    const at = SHIFTED_DIGITS.indexOf(sign)
    return at < 0 ? sign : String((at + 1) % 10)
  }).join('')

/** Goes through the text once for each word: a regular expression would try every way to split it. */
function isMadeOf(words: readonly string[], text: string): boolean {
  const reached = new Set([0])
  for (let at = 0; at < text.length; at++)
    if (reached.has(at)) for (const word of words) if (text.startsWith(word, at)) reached.add(at + word.length)
  return reached.has(text.length)
}

/** `123456789012`, `abcdefghijkl`: every character is the next of the one before. */
function isRun(text: string): boolean {
  const codes = Array.from(text, character => character.codePointAt(0) ?? 0)
  const steps = codes.slice(1).map((code, index) => Math.abs(code - (codes[index] ?? 0)))
  return steps.filter(step => step <= 1 || step === 9).length >= steps.length - 1
}

/** `abcabcabcabc`: a short part over and over. */
const isRepeated = (text: string) => /^(.{1,6}?)\1{2,}.{0,5}$/u.test(text)
