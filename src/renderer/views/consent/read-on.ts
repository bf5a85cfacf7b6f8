import type { PersonWords } from '#protocol/person/words.ts'
import { element } from './element.ts'

/** Of the last line, that may be hidden without hiding any word. */
const MARGIN_PX = 8

export interface ReadOn {
  /** Stands beneath what scrolls, for as long as some of it was never in sight. */
  readonly node: HTMLElement
  /** Looks anew, and answers whether all of it was in sight by now: a "yes" to what nobody could see is none. */
  look(): boolean
}

/** On a small screen, or with a long reason, not all that is asked for can be seen at once. */
export function readOn(words: PersonWords, what: HTMLElement): ReadOn {
  const node = element('button', { type: 'button', class: 'read-on', hidden: '' }, words('readOn'))
  let hasReachedEnd = false
  const look = () => {
    const room = what.clientHeight + (node.hidden ? 0 : node.offsetHeight)
    const isLong = what.scrollHeight > room + MARGIN_PX
    if (isLong && what.scrollTop + what.clientHeight >= what.scrollHeight - MARGIN_PX) hasReachedEnd = true
    node.hidden = !isLong || hasReachedEnd
    return node.hidden
  }
  what.addEventListener('scroll', look)
  node.addEventListener('click', () => {
    what.scrollBy({ top: what.clientHeight * 0.8 })
    // The button may be gone now.
    what.focus()
  })
  return { node, look }
}
