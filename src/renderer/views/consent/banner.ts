import type { ConsentState } from '#ipc/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { element, icon, SCREEN_ICON } from './element.ts'
import { OWN_PRESS } from './own-press.ts'

type Banner = Extract<ConsentState, { name: 'banner' }>

/** What the person can do while somebody is connected. Each may reject; they may then try again. */
export interface BannerActions {
  pause(isPaused: boolean, byKey: boolean): Promise<void>
  takeBack(byKey: boolean): Promise<void>
  chat(): Promise<void>
  end(byKey: boolean): Promise<void>
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
        state.others?.length ? 'several' : '',
        state.watchers.length > 0 ? 'watched' : '',
        state.isRecording ? 'recorded' : '',
        state.unasked ? 'unasked' : '',
      ].join(' '),
      'aria-label': [live, watchers].filter(Boolean).join(', '),
    },
    icon(state.isPaused ? PAUSED_ICON : SCREEN_ICON),
    element(
      'div',
      { class: 'who', title: [live, watchers, note].filter(Boolean).join('\n') },
      element('p', { class: 'live' }, live),
      watchers === '' ? null : element('p', { class: 'watchers' }, watchers),
      state.isRecording ? recordingMark(words) : null,
      // A clock that ticks would change the shared screen each second, and a screen that is still costs nothing.
      element(
        'p',
        { class: 'note', role: 'status' },
        `${words('since', { time: words.time(state.sinceMs) })} · ${note}`,
      ),
    ),
    isScript ? null : pauseButton(words, state.isPaused, actions),
    state.scopes.length > 1 && !isScript
      ? button({ text: words('takeBack'), name: 'take-back', act: byKey => actions.takeBack(byKey), actsOnPress: true })
      : null,
    state.request.withoutChat || isScript
      ? null
      : button({
          text: chatText(words, unread),
          name: unread > 0 ? 'chat-button unread' : 'chat-button',
          act: () => actions.chat(),
          staysEnabled: true,
        }),
    button({
      text: words('end'),
      name: 'end',
      act: byKey => actions.end(byKey),
      busyText: words('ending'),
      actsOnPress: true,
    }),
  )
}

const recordingMark = (words: PersonWords) =>
  element('p', { class: 'recording', role: 'status' }, element('span', { 'aria-hidden': 'true' }), words('recording'))

/** Going on gives something back: it wants the whole click. */
const pauseButton = (words: PersonWords, isPaused: boolean, actions: BannerActions) =>
  isPaused
    ? button({ text: words('resume'), name: 'pause', act: byKey => actions.pause(false, byKey) })
    : button({ text: words('pause'), name: 'pause', act: byKey => actions.pause(true, byKey), actsOnPress: true })

/** Everybody who is connected. */
const namesOf = (operator: string, others: readonly string[] = []): string => [operator, ...others].join(' + ')

function noteOf(words: PersonWords, { isPaused, linkUp, scopes, unasked, script }: Banner): string {
  if (script !== undefined) return words('scriptRuns', { script })
  const now = isPaused
    ? words('paused')
    : linkUp
      ? words('may', { scopes: scopes.map(scope => words.scope(scope)).join(', ') })
      : words('interrupted')
  return unasked ? `${words('unaskedNote', { why: words.unasked(unasked) })} · ${now}` : now
}

const chatText = (words: PersonWords, unread: number): string =>
  unread > 0 ? `${words('chat')} (${unread})` : words('chat')

interface ButtonParts {
  readonly text: string
  readonly name: string
  readonly act: (byKey: boolean) => Promise<void>
  readonly busyText?: string
  readonly staysEnabled?: boolean
  /**
   * What only takes away takes hold with the press itself: between it and the release somebody else can move the pointer off the button, and a browser then
   * knows of no click.
   */
  readonly actsOnPress?: boolean
}

function button({
  text,
  name,
  act,
  busyText = text,
  staysEnabled = false,
  actsOnPress,
}: ButtonParts): HTMLButtonElement {
  const made = element('button', { type: 'button', class: name }, text)
  let hasActed = false
  const press = async (event: Event) => {
    if (!(event.isTrusted || event.type === OWN_PRESS) || (hasActed && !staysEnabled)) return
    hasActed = true
    made.ariaDisabled = String(!staysEnabled)
    made.textContent = busyText
    try {
      // Only a click that no pointer made has no number.
      await act(event instanceof MouseEvent && event.type === 'click' && event.detail === 0)
    } catch {
      made.textContent = text
      made.ariaDisabled = null
      hasActed = false
    }
  }
  if (actsOnPress) {
    made.addEventListener('pointerdown', event => event.button === 0 && void press(event))
    made.addEventListener(OWN_PRESS, press)
  }
  made.addEventListener('click', press)
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
