import type { ConsentState } from '#ipc/consent.ts'
import { element, icon, SCREEN_ICON } from './element.ts'
import { strings } from './strings.ts'

/** The strip that stays while somebody is connected. `end` may reject; the person may then try again. */
export function banner(state: Extract<ConsentState, { name: 'banner' }>, end: () => Promise<void>): HTMLElement {
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
    // A clock that ticks would change the shared screen each second, and a screen that is still costs nothing.
    element('span', { class: 'since' }, strings.since(new Date(state.sinceMs))),
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
