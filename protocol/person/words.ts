import { HOUR_MS, MINUTE_MS } from '../limits.ts'
import type { EndReason } from '../session/reasons.ts'
import type { Scope } from '../session/scopes.ts'
import type { UnaskedCause } from '../session/unasked.ts'
import type { Language } from './language.ts'
import { createTranslations, type Values } from './translate.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'

type Plain = { [Key in keyof typeof en]: (typeof en)[Key] extends string ? Key : never }[keyof typeof en]
/** A key without the ending that says one or many. */
type WordKey = Plain extends infer Key ? (Key extends `${infer Base}_${'one' | 'other'}` ? Base : Key) : never

/** What the person reads, in one language. */
export interface PersonWords {
  readonly language: Language
  (key: WordKey, values?: Values): string
  scope(scope: Scope): string
  over(reason: EndReason): string
  /** Why nobody was asked; part of a sentence. */
  unasked(cause: UnaskedCause): string
  /** In hours where they are whole, in minutes else. */
  duration(ms: number): string
  /** The hour and minute, as the language writes them. */
  time(epochMs: number): string
}

const translationsIn = createTranslations({ en, es, de })

export function wordsIn(language: Language): PersonWords {
  const say = translationsIn(language)
  const words = (key: WordKey, values?: Values) => say(key, values)
  return Object.assign(words, {
    language,
    scope: (scope: Scope) => say(`scope.${scope}`),
    over: (reason: EndReason) => say(`over.${reason}`),
    unasked: (cause: UnaskedCause) => say(`unasked.${cause}`),
    duration: (ms: number) =>
      ms >= HOUR_MS && ms % HOUR_MS === 0
        ? say('hours', { count: ms / HOUR_MS })
        : say('minutes', { count: Math.max(1, Math.round(ms / MINUTE_MS)) }),
    time: (epochMs: number) => new Date(epochMs).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' }),
  })
}
