import type { ConsentState } from '#ipc/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { element, icon, SCREEN_ICON } from './element.ts'

type Banner = Extract<ConsentState, { name: 'banner' }>

/** What the person can do while somebody is connected. Each may reject; they may then try again. */
export interface BannerActions {
  pause(isPaused: boolean): Promise<void>
  takeBack(): Promise<void>
  chat(): Promise<void>
  end(): Promise<void>
}

const PAUSED_ICON = 'M8 5v14M16 5v14'

/** The strip that stays while somebody is connected. */
export function banner(words: PersonWords, state: Banner, unread: number, actions: BannerActions): HTMLElement {
  const { operator, organisation } = state.request
  const live = words('live', { operator: namesOf(operator.name, state.others), organisation: organisation.name })
  const watchers = state.watchers.map(watcher => words('watches', { watcher })).join(', ')
  const note = noteOf(words, state)
  const isScript = state.script !== undefined
  return element(
    'section',
    {
      class: [
        'banner',
        state.linkUp ? '' : 'interrupted',
        state.isPaused ? 'paused' : '',
        state.watchers.length > 0 ? 'watched' : '',
      ].join(' '),
      'aria-label': [live, watchers].filter(Boolean).join(', '),
    },
    icon(state.isPaused ? PAUSED_ICON : SCREEN_ICON),
    element(
      'div',
      { class: 'who', title: [live, watchers, note].filter(Boolean).join('\n') },
      element('p', { class: 'live' }, live),
      watchers === '' ? null : element('p', { class: 'watchers' }, watchers),
      // A clock that ticks would change the shared screen each second, and a screen that is still costs nothing.
      element(
        'p',
        { class: 'note', role: 'status' },
        `${words('since', { time: words.time(state.sinceMs) })} · ${note}`,
      ),
    ),
    state.isRecording
      ? element(
          'p',
          { class: 'recording', role: 'status' },
          element('span', { 'aria-hidden': 'true' }),
          words('recording'),
        )
      : null,
    isScript ? null : button(words(state.isPaused ? 'resume' : 'pause'), 'pause', () => actions.pause(!state.isPaused)),
    state.scopes.length > 1 && !isScript ? button(words('takeBack'), 'take-back', () => actions.takeBack()) : null,
    state.request.withoutChat || isScript
      ? null
      : button(
          chatText(words, unread),
          unread > 0 ? 'chat-button unread' : 'chat-button',
          () => actions.chat(),
          undefined,
          true,
        ),
    button(words('end'), 'end', () => actions.end(), words('ending')),
  )
}

/** Everybody who is connected. */
export const namesOf = (operator: string, others: readonly string[] = []): string => [operator, ...others].join(' + ')

function noteOf(words: PersonWords, { isPaused, linkUp, scopes, script }: Banner): string {
  if (script !== undefined) return words('scriptRuns', { script })
  if (isPaused) return words('paused')
  if (!linkUp) return words('interrupted')
  return words('may', { scopes: scopes.map(scope => words.scope(scope)).join(', ') })
}

const chatText = (words: PersonWords, unread: number): string =>
  unread > 0 ? `${words('chat')} (${unread})` : words('chat')

function button(
  text: string,
  name: string,
  act: () => Promise<void>,
  busyText = text,
  staysEnabled = false,
): HTMLButtonElement {
  const made = element('button', { type: 'button', class: name }, text)
  made.addEventListener('click', async event => {
    if (!event.isTrusted) return
    made.disabled = !staysEnabled
    made.textContent = busyText
    try {
      await act()
    } catch {
      made.textContent = text
      made.disabled = false
    }
  })
  return made
}

export function over(words: PersonWords, state: Extract<ConsentState, { name: 'over' }>): HTMLElement {
  return element(
    'section',
    { class: 'banner over' },
    icon('M20 6 9 17l-5-5'),
    element(
      'div',
      { class: 'who', role: 'status' },
      element('p', { class: 'live' }, words.over(state.reason)),
      state.reason === 'denied' ? null : element('p', { class: 'note' }, words('overSafe')),
    ),
  )
}
