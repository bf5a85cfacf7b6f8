import { createInstance } from 'i18next'
import { LANGUAGES, type Language } from './language.ts'

export type Values = Readonly<Record<string, string | number>>

/** The words of one text in each language; a word that one of them doesn't have is said in English. */
export function createTranslations(words: Readonly<Record<Language, object>>) {
  const i18n = createInstance()
  const resources = Object.fromEntries(LANGUAGES.map(language => [language, { translation: words[language] }]))
  void i18n.init({
    initAsync: false,
    fallbackLng: 'en',
    supportedLngs: [...LANGUAGES],
    resources,
    // Whoever makes markup of the words escapes them; and what a stranger wrote is never looked up as a key.
    interpolation: { escapeValue: false, skipOnVariables: true },
  })
  return (language: Language) => {
    const t = i18n.getFixedT(language)
    return (key: string, values: Values = {}): string => t(key, values)
  }
}
