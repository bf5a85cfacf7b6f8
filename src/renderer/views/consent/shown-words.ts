import { SHOWN_TEXT_MAX } from '#protocol/limits.ts'
import type { ShownWords } from '#protocol/trust/receipt.ts'

/** What a person reads in `root` now: its text as it is laid out, without what only a screen reader says. */
export function shownWords(root: HTMLElement): ShownWords {
  // biome-ignore lint/performance/useDomNodeTextContent: the words as they stand on the screen, line by line.
  const text = root.innerText
  return { language: document.documentElement.lang || 'en', text: text.slice(0, SHOWN_TEXT_MAX) }
}
