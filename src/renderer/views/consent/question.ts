import type { ConsentState } from '#ipc/consent.ts'
import type { ConsentAnswer } from '#protocol/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { answerFooter } from './answer-footer.ts'
import { element, icon, SCREEN_ICON } from './element.ts'
import { readOn } from './read-on.ts'
import { scopeList } from './scope-list.ts'
import { withNames } from './with-names.ts'

type Asking = Extract<ConsentState, { name: 'asking' }>

/** Characters beyond which the names are set smaller, so that the reason stays in sight under them. */
const LONG_NAMES = 60

export interface Question {
  readonly node: HTMLElement
  /** The same question with something new: its time, its numbers. What the person has switched stays. */
  update(state: Asking): void
}

/** The question with which a session begins. */
export function question(
  words: PersonWords,
  first: Asking,
  answer: (answer: ConsentAnswer) => Promise<void>,
  signal: AbortSignal,
): Question {
  const { request, numbers } = first
  const scopes = first.script === undefined ? scopeList(words, request.scopes) : NO_CHOICE
  const what = whatIsAsked(words, first, scopes)
  const more = readOn(words, what)
  const footer = answerFooter({
    ...{ words, operator: request.operator.name, numbers, timeoutMs: request.consentTimeoutMs },
    ...{ warning: warningOf(words, first), timing: first, chosen: scopes.chosen, lookAtAll: more.look, answer, signal },
  })
  return {
    node: dialog(words, first, what, more.node, footer.node),
    update: next => footer.update(next, next.numbers),
  }
}

/** What the device itself remembers is a reason to trust; it is no answer. */
const warningOf = (words: PersonWords, { helpAskedAtMs, request }: Asking): string =>
  helpAskedAtMs === null
    ? words('warning')
    : words('askedFor', { operator: request.operator.name, time: words.time(helpAskedAtMs) })

/** A script runs as it is, or not at all. */
const NO_CHOICE = { node: null, chosen: (): Scope[] => ['view'] }

function dialog(
  words: PersonWords,
  { request: { operator, organisation }, script }: Asking,
  ...content: HTMLElement[]
): HTMLElement {
  const isLong = operator.name.length + organisation.name.length > LONG_NAMES
  const names = { operator: operator.name, organisation: organisation.name }
  return element(
    'section',
    {
      class: 'question',
      role: 'alertdialog',
      'aria-modal': 'true',
      'aria-labelledby': 'who',
      'aria-describedby': 'what warning',
    },
    element(
      'header',
      {},
      icon(SCREEN_ICON),
      element(
        'h1',
        { id: 'who', class: isLong ? 'long' : '' },
        ...withNames(marks => words(script === undefined ? 'title' : 'titleScript', marks), names),
      ),
    ),
    ...content,
  )
}

function whatIsAsked(
  words: PersonWords,
  { request, script }: Asking,
  scopes: { readonly node: HTMLElement | null },
): HTMLElement {
  const { reason, ticket, durationMs } = request
  return element(
    'div',
    { class: 'what', tabindex: '0' },
    element(
      'dl',
      { id: 'what' },
      ...(script === undefined ? [] : scriptFacts(words, request, script)),
      ...(reason ? pair(words('reason'), reason) : []),
      ...(ticket ? pair(words('ticket'), ticket) : []),
      ...pair(words('duration'), words.duration(durationMs)),
    ),
    scopes.node,
  )
}

const scriptFacts = (words: PersonWords, { scopes }: SessionRequest, script: string) => [
  ...pair(words('script'), script),
  ...pair(
    words('scriptMay'),
    scopes
      .filter(scope => scope !== 'view')
      .map(words.scope)
      .join(', '),
  ),
]

const pair = (term: string, text: string) => [element('dt', {}, term), element('dd', {}, text)]
