import type { ConsentState } from '#ipc/consent.ts'
import { secondsLeft } from '../../components/format/duration.ts'
import { element, icon, SCREEN_ICON } from './element.ts'
import { spokenSeconds } from './spoken-seconds.ts'
import { strings } from './strings.ts'

type Asking = Extract<ConsentState, { name: 'asking' }>

const TICK_MS = 200
/** Characters beyond which the names are set smaller, so that the reason stays in sight under them. */
const LONG_NAMES = 60

/**
 * The question. "No" has the focus, Escape is "No", and neither button works before the dialog is armed. `answer` is called
 * at most once at a time; when it rejects, the person may try again.
 */
export function question(state: Asking, answer: (accept: boolean) => Promise<void>, signal: AbortSignal): HTMLElement {
  const { request } = state
  const yes = element('button', { type: 'button', class: 'yes', disabled: '' }, strings.yes)
  const no = element('button', { type: 'button', class: 'no', disabled: '' }, strings.no)
  const status = element('p', { class: 'status' }, strings.arming)
  const spoken = element('p', { class: 'spoken', 'aria-live': 'assertive' })
  const bar = element('div')
  let isSending = false
  let saidSeconds: number | null = null

  const send = async (accept: boolean) => {
    if (isSending || Date.now() < state.armedAtMs) return
    isSending = true
    update()
    try {
      await answer(accept)
    } catch {
      isSending = false
      spoken.textContent = strings.failed
      update()
    }
  }
  const update = () => {
    const now = Date.now()
    const isArmed = now >= state.armedAtMs
    const seconds = secondsLeft(state.answerByMs, now)
    const mayAnswer = isArmed && !isSending
    if (mayAnswer === yes.disabled) {
      yes.disabled = !mayAnswer
      no.disabled = !mayAnswer
      if (mayAnswer) no.focus()
    }
    status.textContent = isSending ? strings.sending : isArmed ? strings.left(seconds) : strings.arming
    bar.style.width = `${(100 * Math.max(0, state.answerByMs - now)) / request.consentTimeoutMs}%`
    const say = spokenSeconds(saidSeconds, seconds)
    saidSeconds = seconds
    if (say !== null) spoken.textContent = strings.spoken(say)
  }

  // Only a person's own press counts: a page's script, or a key that is still down from before, is nobody's answer.
  yes.addEventListener('click', event => event.isTrusted && void send(true))
  no.addEventListener('click', event => event.isTrusted && void send(false))
  document.addEventListener(
    'keydown',
    event => {
      if (event.repeat) event.preventDefault()
      else if (event.key === 'Escape' && event.isTrusted) void send(false)
    },
    { signal },
  )
  const timer = setInterval(update, TICK_MS)
  // The exact moment matters more than the tick: a person who is ready shouldn't press a dead button.
  const arming = setTimeout(update, Math.max(0, state.armedAtMs - Date.now()))
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    clearTimeout(arming)
  })

  const isLong = request.operator.name.length + request.organisation.name.length > LONG_NAMES
  const isViewOnly = !request.scopes.includes('control')
  const dialog = element(
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
        element('strong', {}, request.operator.name),
        ` ${strings.from} `,
        element('strong', {}, request.organisation.name),
        ` ${strings.wants(request)}`,
      ),
    ),
    element(
      'div',
      { id: 'what', class: 'what' },
      isViewOnly ? element('p', {}, strings.viewOnly) : null,
      element(
        'dl',
        {},
        ...pair(strings.reason, request.reason),
        ...(strings.toolWords(request) ? pair(strings.tools, strings.toolWords(request)) : []),
        ...(request.ticket ? pair(strings.ticket, request.ticket) : []),
      ),
    ),
    element(
      'footer',
      {},
      element('p', { id: 'warning', class: 'warning' }, strings.warning),
      element('div', { class: 'buttons' }, no, yes),
      element('div', { class: 'bar', 'aria-hidden': 'true' }, bar),
      status,
      spoken,
    ),
  )
  update()
  return dialog
}

const pair = (term: string, words: string) => [element('dt', {}, term), element('dd', {}, words)]
