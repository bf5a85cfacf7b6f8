import { HandholdError } from '#protocol/errors.ts'

/** What the most used passwords are made of; longer ones than twelve characters are these, put together and decorated. */
const COMMON = [
  'password|passw0rd|passwort|motdepasse|contrasena|qwerty|qwertz|azerty|qwertyuiop|asdfghjkl|zxcvbnm|asdf|qazwsx|1q2w3e4r|letmein|welcome|willkommen',
  'administrator|admin|root|login|user|guest|test|changeme|default|secret|master|access|hello|iloveyou|loveyou|love|monkey|dragon|football|baseball',
  'superman|batman|starwars|pokemon|princess|sunshine|shadow|summer|winter|spring|autumn|january|abc|abcd|abcdef|computer|internet|samsung|google',
  'trustno|whatever|michael|jordan|charlie|liverpool|chelsea|arsenal|handhold|company|office|the|my|is|this|a|i|me|and|you',
].flatMap(line => line.split('|'))
const DISTINCT_MIN = 5

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

/** Nothing but common words, once the decoration is off. */
function isCommon(text: string): boolean {
  const plain = text
    .replaceAll('0', 'o')
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replaceAll('3', 'e')
    .replace(/1(?=\p{L})/gu, 'i')
  return [letters(text), letters(plain)].some(word => word !== '' && isMadeOf(COMMON, word))
}

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
