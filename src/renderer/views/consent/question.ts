import type { ConsentState } from '#ipc/consent.ts'
import type { ConsentAnswer } from '#protocol/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { secondsLeft } from '../../components/format/duration.ts'
import { codeOf } from './code-of.ts'
import { element, icon, SCREEN_ICON } from './element.ts'
import { type ScopeList, scopeList } from './scope-list.ts'
import { spokenSeconds } from './spoken-seconds.ts'
import { withNames } from './with-names.ts'
import { yesButtons } from './yes-buttons.ts'

type Asking = Extract<ConsentState, { name: 'asking' }>

const TICK_MS = 200
/** Characters beyond which the names are set smaller, so that the reason stays in sight under them. */
const LONG_NAMES = 60

export interface Question {
  readonly node: HTMLElement
  /** The same question with something new: its time, its numbers. What the person has switched stays. */
  update(state: Asking): void
}

/**
 * The question. "No" has the focus, Escape is "No", and no button works before the dialog is armed. `answer` is called
 * at most once at a time; when it rejects, the person may try again.
 */
export function question(
  words: PersonWords,
  first: Asking,
  answer: (answer: ConsentAnswer) => Promise<void>,
  signal: AbortSignal,
): Question {
  const { request } = first
  let state = first
  let isSending = false
  let saidSeconds: number | null = null
  const scopes = scopeList(words, request.scopes)
  const no = element('button', { type: 'button', class: 'no', disabled: '' }, words('no'))
  const status = element('p', { class: 'status' }, words('arming'))
  const spoken = element('p', { class: 'spoken', 'aria-live': 'assertive' })
  const problem = element('p', { class: 'problem', role: 'alert' })
  const bar = element('div')

  const send = async (given: ConsentAnswer) => {
    if (isSending || Date.now() < state.armedAtMs) return
    isSending = true
    problem.textContent = ''
    tick()
    try {
      await answer(given)
    } catch (thrown) {
      isSending = false
      problem.textContent = words(codeOf(thrown) === 'forbidden' ? 'synthetic' : 'failed')
      tick()
    }
  }
  // Only a person's own press counts: a page's script, or a key that is still down from before, is nobody's answer.
  const yes = yesButtons(words, { operator: request.operator.name, numbers: first.numbers }, (number, event) => {
    const { language } = words
    if (event.isTrusted) void send({ accept: true, scopes: scopes.chosen(), number, language })
  })
  no.addEventListener('click', event => event.isTrusted && void send({ accept: false }))
  document.addEventListener(
    'keydown',
    event => {
      if (event.repeat) event.preventDefault()
      else if (event.key === 'Escape' && event.isTrusted) void send({ accept: false })
    },
    { signal },
  )
  const tick = () => {
    const now = Date.now()
    const isArmed = now >= state.armedAtMs
    const seconds = secondsLeft(state.answerByMs, now)
    const mayAnswer = isArmed && !isSending
    if (mayAnswer === no.disabled) {
      yes.setEnabled(mayAnswer)
      no.disabled = !mayAnswer
      if (mayAnswer) no.focus()
    }
    status.textContent = isSending ? words('sending') : isArmed ? words('left', { count: seconds }) : words('arming')
    bar.style.width = `${(100 * Math.max(0, state.answerByMs - now)) / request.consentTimeoutMs}%`
    const say = spokenSeconds(saidSeconds, seconds)
    saidSeconds = seconds
    if (say !== null) spoken.textContent = words('spoken', { count: say })
  }
  const timer = setInterval(tick, TICK_MS)
  let arming: number | undefined
  const armInTime = () => {
    clearTimeout(arming)
    // The exact moment matters more than the tick: a person who is ready shouldn't press a dead button.
    arming = window.setTimeout(tick, Math.max(0, state.armedAtMs - Date.now()))
  }
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    clearTimeout(arming)
  })
  armInTime()
  const footer = element(
    'footer',
    {},
    element('p', { id: 'warning', class: 'warning' }, warningOf(words, first)),
    problem,
    element('div', { class: first.numbers === null ? 'buttons' : 'buttons with-numbers' }, no, yes.node),
    element('div', { class: 'bar', 'aria-hidden': 'true' }, bar),
    status,
    spoken,
  )
  tick()
  return {
    node: dialog(words, request, scopes, footer),
    update(next) {
      state = next
      if (next.numbers !== null) yes.setNumbers(next.numbers)
      armInTime()
      tick()
    },
  }
}

/** What the device itself remembers is a reason to trust; it is no answer. */
const warningOf = (words: PersonWords, { helpAskedAtMs, request }: Asking): string =>
  helpAskedAtMs === null
    ? words('warning')
    : words('askedFor', { operator: request.operator.name, time: words.time(helpAskedAtMs) })

function dialog(words: PersonWords, request: SessionRequest, scopes: ScopeList, footer: HTMLElement): HTMLElement {
  const { operator, organisation, reason, ticket, durationMs } = request
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
      element('h1', { id: 'who', class: isLong ? 'long' : '' }, ...withNames(marks => words('title', marks), names)),
    ),
    element(
      'div',
      { class: 'what', tabindex: '0' },
      element(
        'dl',
        { id: 'what' },
        ...pair(words('reason'), reason),
        ...(ticket ? pair(words('ticket'), ticket) : []),
        ...pair(words('duration'), words.duration(durationMs)),
      ),
      scopes.node,
    ),
    footer,
  )
}

const pair = (term: string, text: string) => [element('dt', {}, term), element('dd', {}, text)]
