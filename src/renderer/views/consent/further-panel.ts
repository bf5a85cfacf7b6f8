import type { ConsentState } from '#ipc/consent.ts'
import type { ConsentAnswer } from '#protocol/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { answerFooter } from './answer-footer.ts'
import { element } from './element.ts'
import { readOn } from './read-on.ts'
import { furtherList, scopeList } from './scope-list.ts'
import { withNames } from './with-names.ts'

type Banner = Extract<ConsentState, { name: 'banner' }>
type Further = NonNullable<Banner['further']>

export interface FurtherPanel {
  readonly node: HTMLElement
  update(further: Further): void
}

/** More that somebody wants who is connected already, or that somebody else wants to be there too: beneath the banner, with nothing in it but that. */
export function furtherPanel(
  words: PersonWords,
  { request, further }: Banner & { readonly further: Further },
  answer: (answer: ConsentAnswer) => Promise<void>,
  signal: AbortSignal,
): FurtherPanel {
  const { joins } = further
  const { operator, organisation } = joins ?? request
  const asker = further.by ?? operator.name
  const names = { operator: asker, organisation: organisation.name }
  const scopes = joins ? scopeList(words, further.scopes) : furtherList(words, further.scopes)
  const what = element(
    'div',
    { class: 'what', tabindex: '0' },
    joins?.reason ? element('p', { class: 'why' }, `${words('reason')}: ${joins.reason}`) : null,
    scopes.node,
    joins ? element('p', { class: 'why' }, words('joinHint', { operator: request.operator.name })) : null,
  )
  const more = readOn(words, what)
  const footer = answerFooter({
    ...{ words, operator: asker, numbers: further.numbers, timeoutMs: further.timeoutMs },
    ...{ warning: words('warning'), timing: further, chosen: scopes.chosen, lookAtAll: more.look, interrupts: true },
    ...{ answer, signal },
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
      element('h1', { id: 'further' }, ...withNames(marks => words(joins ? 'titleJoin' : 'titleMore', marks), names)),
      what,
      more.node,
      footer.node,
    ),
    update: next => footer.update(next, next.numbers),
  }
}
