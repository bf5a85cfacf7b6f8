import type { ConsentState } from '#ipc/consent.ts'
import { clockText } from '../../components/format/duration.ts'
import { element, icon, SCREEN_ICON } from './element.ts'
import { strings } from './strings.ts'

/** The strip that stays while somebody is connected. `end` may reject; the person may then try again. */
export function banner(
  state: Extract<ConsentState, { name: 'banner' }>,
  end: () => Promise<void>,
  signal: AbortSignal,
): HTMLElement {
  const duration = element('span', { class: 'duration' })
  const button = element('button', { type: 'button', class: 'end' }, strings.end)
  button.addEventListener('click', async () => {
    button.disabled = true
    button.textContent = strings.ending
    try {
      await end()
    } catch {
      button.disabled = false
      button.textContent = strings.end
    }
  })
  const update = () => {
    duration.textContent = clockText(Date.now() - state.sinceMs)
  }
  const timer = setInterval(update, 500)
  signal.addEventListener('abort', () => clearInterval(timer))
  update()
  const live = strings.live(state.request)
  return element(
    'section',
    { class: state.linkUp ? 'banner' : 'banner interrupted', 'aria-label': live },
    icon(SCREEN_ICON),
    element(
      'p',
      { role: 'status', title: `${state.request.operator.name} ${strings.from} ${state.request.organisation.name}` },
      element('span', { class: 'live' }, live),
      state.linkUp ? null : element('span', { class: 'note' }, strings.interrupted),
    ),
    duration,
    button,
  )
}

export function over(state: Extract<ConsentState, { name: 'over' }>): HTMLElement {
  return element(
    'section',
    { class: 'banner over' },
    icon('M20 6 9 17l-5-5'),
    element(
      'p',
      { role: 'status' },
      element('span', { class: 'live' }, strings.over[state.reason]),
      state.reason === 'denied' ? null : element('span', { class: 'note' }, strings.overSafe),
    ),
  )
}
