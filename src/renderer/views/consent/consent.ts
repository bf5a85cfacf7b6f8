import type { ConsentState } from '#ipc/consent.ts'
import { assertNever } from '#protocol/assert-never.ts'
import { type PersonWords, wordsIn } from '#protocol/person/words.ts'
import type { ConsentBridge } from '../../stores/bridge.ts'
import { followConsent } from '../../stores/consent-store.ts'
import { banner, over } from './banner.ts'
import { element } from './element.ts'
import { afterPaint } from './painted.ts'
import { type Question, question } from './question.ts'

/**
 * Shows what main says in `root`. Written without a component library: the person's time to answer runs while this page loads.
 */
export function showConsent(bridge: ConsentBridge, root: HTMLElement): void {
  const { store } = followConsent(bridge)
  let shown = new AbortController()
  let asked: Question | undefined
  const show = (state: ConsentState) => {
    document.documentElement.lang = state.language
    document.documentElement.dataset.state = state.name
    if (state.name === 'asking' && asked) {
      asked.update(state)
      paint(bridge)
      return
    }
    shown.abort()
    shown = new AbortController()
    const words = wordsIn(state.language)
    asked =
      state.name === 'asking'
        ? question(words, state, answer => bridge.call.answer({ answer }), shown.signal)
        : undefined
    root.replaceChildren(asked ? asked.node : view(bridge, words, state))
    if (!asked) return
    root.querySelector<HTMLElement>('.no')?.focus()
    paint(bridge)
  }
  store.subscribe(show)
  show(store.getState())
}

// Main asks again or gives up by its own clock; the window has nothing better to do with a refusal.
const paint = (bridge: ConsentBridge) => afterPaint(() => void bridge.call.painted(undefined).catch(() => undefined))

function view(bridge: ConsentBridge, words: PersonWords, state: ConsentState): HTMLElement | string {
  switch (state.name) {
    case 'waiting':
      return element('p', { class: 'waiting', role: 'status' }, words('waiting'))
    case 'asking':
      return ''
    case 'banner':
      return banner(words, state, {
        pause: isPaused => bridge.call.pause({ isPaused }),
        takeBack: () => bridge.call.takeBack(undefined),
        end: () => bridge.call.end(undefined),
      })
    case 'over':
      return over(words, state)
    default:
      return assertNever(state)
  }
}
