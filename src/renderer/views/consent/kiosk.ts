import type { ConsentState } from '#ipc/consent.ts'
import { assertNever } from '#protocol/assert-never.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { leftText } from '../../components/format/duration.ts'
import { element, icon, SCREEN_ICON } from './element.ts'

const TICK_MS = 1_000

/** What a device without a person shows over everything: its password, or who is working on it. Nothing here can be pressed. */
export function kiosk(
  words: PersonWords,
  { request, kiosk: shown }: Extract<ConsentState, { name: 'kiosk' }>,
  signal: AbortSignal,
): HTMLElement {
  const names = { operator: request.operator.name, organisation: request.organisation.name }
  switch (shown.phase) {
    case 'password':
      return screen(
        element('h1', {}, words('kioskPassword', names)),
        element('p', { class: 'password', 'aria-label': [...shown.password].join(' ') }, shown.password),
        countdown(left => words('kioskGoodFor', { left }), shown.untilMs, signal),
        // Only here: who passes by while somebody works on it needn't know why.
        ...whyOf(words, request),
        element('p', { class: 'warning' }, words('kioskWarning')),
      )
    case 'serviced':
      // No clock that ticks: each of its steps would travel to the operator.
      return screen(
        element('h1', {}, words('kioskServiced')),
        element('p', { class: 'by' }, words('live', names)),
        element('p', { class: 'note' }, words('since', { time: words.time(shown.sinceMs) })),
      )
    case 'lingering':
      return screen(
        element('h1', {}, words('kioskServiced')),
        element('p', { class: 'by' }, words('live', names)),
        countdown(left => words('kioskLingering', { left }), shown.untilMs, signal),
      )
    default:
      return assertNever(shown)
  }
}

const screen = (...content: HTMLElement[]) =>
  element('main', { class: 'kiosk' }, element('section', {}, icon(SCREEN_ICON), ...content))

/** Nothing where the organisation has operators say neither. */
function whyOf(words: PersonWords, { reason, ticket }: SessionRequest): HTMLElement[] {
  const facts = [...(reason ? pair(words('reason'), reason) : []), ...(ticket ? pair(words('ticket'), ticket) : [])]
  return facts.length > 0 ? [element('dl', {}, ...facts)] : []
}

const pair = (term: string, text: string) => [element('dt', {}, term), element('dd', {}, text)]

function countdown(say: (left: string) => string, untilMs: number, signal: AbortSignal): HTMLElement {
  const line = element('p', { class: 'note', role: 'timer' })
  const tick = () => {
    line.textContent = say(leftText(untilMs, Date.now()))
  }
  const timer = setInterval(tick, TICK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
  tick()
  return line
}
