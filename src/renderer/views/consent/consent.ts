import type { ConsentState } from '#ipc/consent.ts'
import type { ChatView } from '#ipc/consent-chat.ts'
import { assertNever } from '#protocol/assert-never.ts'
import type { ConsentAnswer } from '#protocol/consent.ts'
import { type PersonWords, wordsIn } from '#protocol/person/words.ts'
import type { ConsentBridge } from '../../stores/bridge.ts'
import { followConsent } from '../../stores/consent-store.ts'
import { afterPresses } from './after-presses.ts'
import { type BannerActions, banner, over } from './banner.ts'
import { type ChatPanel, chatPanel } from './chat-panel.ts'
import { element } from './element.ts'
import { type FurtherPanel, furtherPanel } from './further-panel.ts'
import { type HelpPanel, helpPanel } from './help.ts'
import { kiosk } from './kiosk.ts'
import { notice } from './notice.ts'
import { guardKeyboard } from './own-keyboard.ts'
import { giveOwnPresses } from './own-press.ts'
import { afterPaint } from './painted.ts'
import { type Question, question } from './question.ts'
import { shownWords } from './shown-words.ts'

const NO_CHAT: ChatView = { isOpen: false, unread: 0, isTyping: false, entries: [] }

/**
 * Shows what main says in `root`. Written without a component library: the person's time to answer runs while this page loads.
 */
export function showConsent(bridge: ConsentBridge, root: HTMLElement): void {
  const { store } = followConsent(bridge)
  let shown = new AbortController()
  let asked: Question | undefined
  let chat = NO_CHAT
  let panel: (ChatPanel & { readonly sessionId: string }) | undefined
  let helps: HelpPanel | undefined
  let further: FurtherPanel | undefined
  /** Where the keyboard goes when the strip is drawn next. */
  let toFocus: string | undefined
  const answer = (given: ConsentAnswer) => bridge.call.answer({ answer: given })
  const showStrip = (state: Extract<ConsentState, { name: 'banner' }>) => {
    const words = wordsIn(state.language)
    const actions = bannerActions(bridge, () => !chat.isOpen)
    const { sessionId, operator } = state.request
    if (panel?.sessionId !== sessionId) {
      // Another operator: what was written was for the one who left.
      if (panel) chat = NO_CHAT
      panel?.node.remove()
      panel = { ...chatPanel(words, operator.name, chatActions(bridge)), sessionId }
    }
    // Who works by keyboard stays on the button that they are on, however often the strip is drawn anew.
    toFocus ??= focusedButton(root.firstElementChild)
    showBanner(root, banner(words, state, chat.unread, actions), panel, chat, further?.node)
    if (toFocus !== undefined) root.querySelector<HTMLElement>(toFocus)?.focus()
    toFocus = undefined
  }
  const show = (state: ConsentState) => {
    document.documentElement.lang = state.language
    document.documentElement.dataset.state = state.name
    if (state.name === 'asking' && asked) {
      asked.update(state)
      paint(bridge, root)
      return
    }
    if (state.name === 'banner' && state.further && further) {
      further.update(state.further)
      paint(bridge, further.node)
      showStrip(state)
      return
    }
    shown.abort()
    shown = new AbortController()
    const words = wordsIn(state.language)
    asked = state.name === 'asking' ? question(words, state, answer, shown.signal) : undefined
    further = undefined
    if (state.name === 'help') {
      helps ??= helpPanel(words, word => bridge.call.help(word))
      if (!helps.node.isConnected) root.replaceChildren(helps.node)
      helps.show(state.help)
      return
    }
    if (state.name === 'banner') {
      if (state.further) further = furtherPanel(words, { ...state, further: state.further }, answer, shown.signal)
      showStrip(state)
      if (further) paint(bridge, further.node)
      // Where nobody is asked nothing begins before this can be seen.
      else if (state.unasked) paint(bridge, root)
      return
    }
    root.replaceChildren(asked ? asked.node : view(words, state, bridge, shown.signal))
    if (state.name === 'kiosk' || state.name === 'notice')
      afterPaint(() => void bridge.call.painted(undefined).catch(() => undefined))
    if (!asked) return
    root.querySelector<HTMLElement>('.no')?.focus()
    paint(bridge, root)
  }
  giveOwnPresses(bridge)
  guardKeyboard(bridge)
  bridge.on.draftSpoiled(spoiled => panel?.spoilDraft(spoiled))
  const showNow = afterPresses(() => show(store.getState()))
  store.subscribe(showNow)
  show(store.getState())
  bridge.on.chatChanged(changed => {
    if (changed.isOpen !== chat.isOpen) toFocus = changed.isOpen ? '.chat input' : '.chat-button'
    chat = changed
    panel?.show(chat)
    showNow()
  })
}

function focusedButton(strip: Element | null): string | undefined {
  const { activeElement } = document
  return activeElement instanceof HTMLButtonElement && strip?.contains(activeElement)
    ? `.banner button.${activeElement.className}`
    : undefined
}

/** The chat keeps its place in the page: what the person is writing there outlives a change of the banner. A question takes its room for as long as it stands. */
function showBanner(
  root: HTMLElement,
  strip: HTMLElement,
  { node, show }: ChatPanel,
  chat: ChatView,
  question: HTMLElement | undefined,
): void {
  show(chat)
  if (!node.isConnected) root.replaceChildren(strip, node)
  else root.firstElementChild?.replaceWith(strip)
  node.hidden = !chat.isOpen || question !== undefined
  if (question && !question.isConnected) node.before(question)
  for (const old of root.querySelectorAll('.further')) if (old !== question) old.remove()
}

// Main asks again or gives up by its own clock; the window has nothing better to do with a refusal.
const paint = (bridge: ConsentBridge, root: HTMLElement) =>
  afterPaint(() => void bridge.call.painted(shownWords(root)).catch(() => undefined))

const bannerActions = (bridge: ConsentBridge, opensChat: () => boolean): BannerActions => ({
  pause: (isPaused, byKey) => bridge.call.pause({ isPaused, byKey }),
  takeBack: byKey => bridge.call.takeBack({ byKey }),
  chat: () => bridge.call.openChat({ isOpen: opensChat() }),
  end: byKey => bridge.call.end({ byKey }),
})

const chatActions = (bridge: ConsentBridge) => ({
  say: (text: string) => bridge.call.say({ text }),
  typing: (isTyping: boolean) => void bridge.call.typing({ isTyping }).catch(() => undefined),
  close: () => void bridge.call.openChat({ isOpen: false }).catch(() => undefined),
})

function view(
  words: PersonWords,
  state: Exclude<ConsentState, { name: 'banner' | 'help' }>,
  bridge: ConsentBridge,
  signal: AbortSignal,
): HTMLElement | string {
  switch (state.name) {
    case 'waiting':
      return element('p', { class: 'waiting', role: 'status' }, words('waiting'))
    case 'asking':
      return ''
    case 'kiosk':
      return kiosk(words, state, signal)
    case 'notice':
      return notice(words, state, () => bridge.call.understood(undefined))
    case 'over':
      return over(words, state)
    default:
      return assertNever(state)
  }
}
