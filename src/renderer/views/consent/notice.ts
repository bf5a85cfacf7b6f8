import type { ConsentState } from '#ipc/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { element, icon, SCREEN_ICON } from './element.ts'

/** Something that the person is to know, and nothing to decide. */
export function notice(
  words: PersonWords,
  { organisation }: Extract<ConsentState, { name: 'notice' }>,
  understood: () => Promise<void>,
): HTMLElement {
  const problem = element('p', { class: 'problem', role: 'alert' })
  const button = element('button', { type: 'button', class: 'understood' }, words('noticeRead'))
  button.addEventListener('click', () => {
    problem.textContent = ''
    understood().catch(() => {
      problem.textContent = words('synthetic')
    })
  })
  return element(
    'main',
    { class: 'notice' },
    element('header', {}, icon(SCREEN_ICON), element('h1', {}, words('noticeTitle'))),
    element('p', {}, words('noticeText', { organisation })),
    element('p', { class: 'note' }, words('noticeHint')),
    problem,
    button,
  )
}
