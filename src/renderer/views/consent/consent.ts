import type { ConsentState } from '#ipc/consent.ts'
import { assertNever } from '#protocol/assert-never.ts'
import type { ConsentBridge } from '../../stores/bridge.ts'
import { followConsent } from '../../stores/consent-store.ts'
import { banner, over } from './banner.ts'
import { element } from './element.ts'
import { afterPaint } from './painted.ts'
import { question } from './question.ts'
import { strings } from './strings.ts'

/**
 * Shows what main says in `root`. Written without a component library: the person's time to answer runs while this page loads.
 */
export function showConsent(bridge: ConsentBridge, root: HTMLElement): void {
  const { store } = followConsent(bridge)
  let shown = new AbortController()
  const show = (state: ConsentState) => {
    shown.abort()
    shown = new AbortController()
    root.replaceChildren(view(bridge, state, shown.signal))
    document.documentElement.dataset.state = state.name
    if (state.name === 'asking') {
      root.querySelector<HTMLElement>('.no')?.focus()
      // Main asks again or gives up by its own clock; the window has nothing better to do with a refusal.
      afterPaint(() => void bridge.call.painted(undefined).catch(() => undefined))
    }
  }
  store.subscribe(show)
  show(store.getState())
}

function view(bridge: ConsentBridge, state: ConsentState, signal: AbortSignal): HTMLElement {
  switch (state.name) {
    case 'waiting':
      return element('p', { class: 'waiting', role: 'status' }, strings.waiting)
    case 'asking':
      return question(state, accept => bridge.call.answer({ accept }), signal)
    case 'banner':
      return banner(state, () => bridge.call.end(undefined))
    case 'over':
      return over(state)
    default:
      return assertNever(state)
  }
}
