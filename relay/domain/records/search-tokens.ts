const LINE_MAX = 700
const WORDS_MAX = 8
/** How much of a name can be searched for by its first characters alone. */
const PREFIX_MAX = 2
const GRAM = 3

/** What somebody types, and what is searched: one spelling of every letter. */
export const foldText = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/** The words of a record as one line to search in. What comes first is kept where it is too much. */
export const searchLine = (parts: readonly (string | null | undefined)[]): string =>
  foldText(parts.filter(Boolean).join(' ')).slice(0, LINE_MAX)

/**
 * What the index knows of a line: every three characters in a row, and the beginnings of its words. Each begins with the organisation, so that an
 * organisation's search reads no entry of another's, and takes no time for it.
 */
export function tokensOf(organisationId: string, line: string): string[] {
  const found = new Set<string>()
  const scope = scopeOf(organisationId)
  for (let at = 0; at + GRAM <= line.length; at++) found.add(token(scope, 'g', line.slice(at, at + GRAM)))
  for (const word of line.split(/[^\p{L}\p{N}]+/u))
    for (let length = 1; length <= Math.min(PREFIX_MAX, word.length); length++)
      found.add(token(scope, 'p', word.slice(0, length)))
  return [...found]
}

export interface SearchQuery {
  /** Every one of them is in the index for what is looked for; never empty. */
  readonly tokens: readonly string[]
  /** What the line has to hold besides, in whole. */
  readonly words: readonly string[]
  /** The words alone say who is found. */
  readonly isWhole: boolean
}

/** A word of one or two characters is the beginning of a word, a longer one is anywhere. Null for a question that asks for nothing. */
export function searchQuery(organisationId: string, text: string): SearchQuery | null {
  const words = foldText(text).split(' ').filter(Boolean).slice(0, WORDS_MAX)
  const scope = scopeOf(organisationId)
  const tokens = new Set<string>()
  for (const word of words) {
    if (word.length < GRAM) tokens.add(token(scope, 'p', word))
    for (const gram of coverOf(word)) tokens.add(token(scope, 'g', gram))
  }
  if (tokens.size === 0) return null
  const long = words.filter(({ length }) => length >= GRAM)
  return { tokens: [...tokens], words: long, isWhole: long.length === words.length }
}

/** Three characters after three, and the last three. Those that overlap would leave few lines out that aren't looked through for the whole word anyway. */
function coverOf(word: string): string[] {
  const grams: string[] = []
  for (let at = 0; at + GRAM <= word.length; at += GRAM) grams.push(word.slice(at, at + GRAM))
  return word.length < GRAM ? grams : [...grams, word.slice(-GRAM)]
}

const scopeOf = (organisationId: string): string => organisationId.slice(-12)

/** Letters and digits alone, whatever the text: the index takes a token as it is. */
function token(scope: string, kind: 'g' | 'p', text: string): string {
  let hex = ''
  for (let at = 0; at < text.length; at++) hex += text.charCodeAt(at).toString(16).padStart(4, '0')
  return `${scope}${kind}${hex}`
}
