/** The languages that the person at the device can read everything in. A further one is a file in `words/` and a name here. */
export const LANGUAGES = ['en', 'es', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

/** The best of our languages for a locale in any usual spelling: `de-AT`, `de_AT.UTF-8`, `C`. */
export function languageOf(locale: string | undefined): Language {
  const [primary = ''] = (locale ?? '').toLowerCase().split(/[-_.@]/)
  return LANGUAGES.find(language => language === primary) ?? 'en'
}
