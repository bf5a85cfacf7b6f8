import type { ChatView } from '#ipc/consent-chat.ts'
import { CHAT_LOST_AFTER_MS, CHAT_TEXT_MAX } from '#protocol/limits.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { codeOf } from './code-of.ts'
import { Draft, type Spoiled } from './draft.ts'
import { element } from './element.ts'

type Entry = ChatView['entries'][number]

export interface ChatActions {
  say(text: string): Promise<void>
  typing(isTyping: boolean): void
  close(): void
}

export interface ChatPanel {
  readonly node: HTMLElement
  show(view: ChatView): void
  /** Somebody else may have written some of what isn't sent yet. */
  spoilDraft(spoiled: Spoiled): void
}

/** After the last key for so long the person isn't writing any more. */
const TYPING_FOR_MS = 4_000

/** What was written on both sides, and a line to write. Whatever a stranger wrote is text: a link can be read, not followed. */
export function chatPanel(words: PersonWords, operator: string, actions: ChatActions): ChatPanel {
  const title = words('chatWith', { operator })
  const log = element('ol', { class: 'log', 'aria-live': 'polite', tabindex: '0', 'aria-label': title })
  const typing = element('p', { role: 'status' })
  const problem = element('p', { role: 'alert' })
  const input = element('input', {
    type: 'text',
    maxlength: String(CHAT_TEXT_MAX),
    'aria-label': words('chatWrite'),
    placeholder: words('chatWrite'),
    autocomplete: 'off',
  })
  const send = element('button', { type: 'submit', class: 'send' }, words('chatSend'))
  const form = element('form', {}, input, send)
  const close = element('button', { type: 'button', class: 'close' }, words('chatBack'))
  const tellTyping = typingTeller(actions)
  const draft = new Draft()

  input.addEventListener('keydown', event => draft.noteKey(atMs(event), input.value))
  input.addEventListener('input', () => {
    problem.textContent = ''
    tellTyping(input.value !== '')
  })
  close.addEventListener('click', () => actions.close())
  form.addEventListener('submit', async event => {
    event.preventDefault()
    const text = input.value.trim()
    if (!event.isTrusted || text === '') return
    problem.textContent = ''
    try {
      await actions.say(text)
      input.value = ''
      draft.forget()
      tellTyping(false)
    } catch (thrown) {
      problem.textContent = words(codeOf(thrown) === 'forbidden' ? 'synthetic' : 'failed')
    }
  })
  return {
    node: element('section', { class: 'chat', 'aria-label': title }, log, typing, problem, form, close),
    show(view) {
      const isNew = log.childElementCount !== view.entries.length
      log.replaceChildren(...view.entries.map(entry => line(words, operator, entry)))
      if (view.entries.length === 0) log.append(element('li', { class: 'empty' }, words('chatEmpty')))
      typing.textContent = view.isTyping ? words('chatTyping', { operator }) : ''
      if (isNew) log.scrollTop = log.scrollHeight
    },
    spoilDraft(spoiled) {
      const text = draft.spoil(spoiled, input.value)
      if (text !== input.value || document.activeElement === input) problem.textContent = words('foreignKeys')
      input.value = text
      input.readOnly = draft.isSpoiled
      if (text === '') tellTyping(false)
    },
  }
}

/** By the clock that other programs have too; the event itself counts from the start of the page. */
const atMs = ({ timeStamp }: Event) => Date.now() - (performance.now() - timeStamp)

function line(words: PersonWords, operator: string, entry: Entry): HTMLElement {
  const state = entry.isOwn ? element('span', { class: 'state' }, stateOf(words, entry)) : null
  // It may get lost meanwhile; nothing else would say so.
  if (state && !entry.isReceived)
    setTimeout(() => state.replaceChildren(stateOf(words, entry)), entry.atMs + CHAT_LOST_AFTER_MS - Date.now() + 50)
  return element(
    'li',
    { class: entry.isOwn ? 'own' : 'theirs' },
    element('span', { class: 'name' }, `${entry.isOwn ? words('chatYou') : operator} · ${words.time(entry.atMs)}`),
    element('p', { class: 'text' }, entry.text),
    state,
  )
}

function stateOf(words: PersonWords, { isReceived, atMs }: Entry): string {
  if (isReceived) return words('chatDelivered')
  return words(Date.now() - atMs < CHAT_LOST_AFTER_MS ? 'chatSending' : 'chatFailed')
}

/** Says only what changes, and by itself that nothing was written for a while. */
function typingTeller({ typing }: ChatActions): (isTyping: boolean) => void {
  let said = false
  let timer: number | undefined
  const tell = (isTyping: boolean) => {
    clearTimeout(timer)
    if (isTyping) timer = window.setTimeout(() => tell(false), TYPING_FOR_MS)
    if (isTyping !== said) typing(isTyping)
    said = isTyping
  }
  return tell
}
