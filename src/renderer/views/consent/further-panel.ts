import type { ConsentState } from '#ipc/consent.ts'
import type { ConsentAnswer } from '#protocol/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { answerFooter } from './answer-footer.ts'
import { element } from './element.ts'
import { furtherList } from './scope-list.ts'
import { withNames } from './with-names.ts'

type Banner = Extract<ConsentState, { name: 'banner' }>
type Further = NonNullable<Banner['further']>

export interface FurtherPanel {
  readonly node: HTMLElement
  update(further: Further): void
}

/** More that somebody wants who is connected already: beneath the banner, with nothing in it but that. */
export function furtherPanel(
  words: PersonWords,
  { request, further }: Banner & { readonly further: Further },
  answer: (answer: ConsentAnswer) => Promise<void>,
  signal: AbortSignal,
): FurtherPanel {
  const { operator, organisation } = request
  const names = { operator: operator.name, organisation: organisation.name }
  const scopes = furtherList(words, further.scopes)
  const footer = answerFooter({
    ...{ words, operator: operator.name, numbers: null, timeoutMs: further.timeoutMs },
    ...{ warning: words('warning'), timing: further, chosen: scopes.chosen, answer, signal },
  })
  return {
    node: element(
      'section',
      {
        class: 'question further',
        role: 'alertdialog',
        'aria-labelledby': 'further',
        'aria-describedby': 'warning',
      },
      element('h1', { id: 'further' }, ...withNames(marks => words('titleMore', marks), names)),
      element('div', { class: 'what', tabindex: '0' }, scopes.node),
      footer.node,
    ),
    update: next => footer.update(next, null),
  }
}
