import { describe, expect, it } from 'vitest'
import { END_REASONS } from '../session/reasons.ts'
import { scopeSchema } from '../session/scopes.ts'
import { LANGUAGES, languageOf } from './language.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'
import { wordsIn } from './words.ts'

const placeholders = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).toSorted()
const flat = (words: object, prefix = ''): [string, string][] =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value as object, `${prefix}${key}.`),
  )

describe('what the person reads', () => {
  it.each([
    ['de', de],
    ['es', es],
  ] as const)('%s says everything that English says, with the same names in it', (_name, words) => {
    const own = new Map(flat(words))
    for (const [key, text] of flat(en)) {
      expect([key, placeholders(own.get(key) ?? 'missing')]).toEqual([key, placeholders(text)])
      expect(own.get(key)).not.toBe('')
    }
  })

  it('has words for every scope and every end', () => {
    for (const language of LANGUAGES) {
      const words = wordsIn(language)
      for (const scope of scopeSchema.options) expect(words.scope(scope)).not.toMatch(/^scope\./)
      for (const reason of END_REASONS) expect(words.over(reason)).not.toMatch(/^over\./)
    }
  })

  it('counts as each language does', () => {
    expect(wordsIn('en')('left', { count: 1 })).toBe('No answer means No: 1 second left')
    expect(wordsIn('de')('left', { count: 2 })).toBe('Keine Antwort heißt Nein: noch 2 Sekunden')
    expect(wordsIn('es').duration(8 * 3_600_000)).toBe('8 horas como máximo')
    expect(wordsIn('de').duration(90 * 60_000)).toBe('höchstens 90 Minuten')
  })

  it('reads nothing out of a name', () => {
    const name = '$t(yes) {{organisation}} <b>x</b>'
    expect(wordsIn('en')('chatWith', { operator: name })).toBe(`Chat with ${name}`)
  })

  it('finds the language of a desktop', () => {
    expect(['de-AT', 'de_DE.UTF-8', 'es', 'C', 'C.UTF-8', 'fr_FR', undefined].map(languageOf)).toEqual([
      ...['de', 'de', 'es', 'en', 'en', 'en', 'en'],
    ])
  })
})
