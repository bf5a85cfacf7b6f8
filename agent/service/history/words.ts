import type { Language } from '#protocol/person/language.ts'
import { createTranslations, type Values } from '#protocol/person/translate.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'
import { es } from './words/es.ts'

export type HistoryWords = (
  key: Exclude<keyof typeof en, `${string}_${'one' | 'other'}`> | 'minutes' | 'count' | 'chat',
  values?: Values,
) => string

const translationsIn = createTranslations({ en, es, de })

export const historyWordsIn = (language: Language): HistoryWords => translationsIn(language)
