import { createInstance } from 'i18next'
import { LANGUAGES, type Language } from '#protocol/person/language.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'

export type HistoryWords = (
  key: Exclude<keyof typeof en, `${string}_${'one' | 'other'}`> | 'minutes' | 'count',
  values?: Readonly<Record<string, string | number>>,
) => string

const i18n = createInstance()
void i18n.init({
  initAsync: false,
  fallbackLng: 'en',
  supportedLngs: [...LANGUAGES],
  resources: { en: { translation: en }, es: { translation: es }, de: { translation: de } },
  // What the page makes of the words escapes them; and what a stranger wrote is never looked up as a key.
  interpolation: { escapeValue: false, skipOnVariables: true },
})

export function historyWordsIn(language: Language): HistoryWords {
  const t = i18n.getFixedT(language)
  return (key, values = {}) => t(key, values)
}
