import { groupedCode } from '#protocol/help/grouped-code.ts'
import type { HelpState, HelpWord } from '#protocol/help/state.ts'
import { HELP_WORDS_MAX } from '#protocol/limits.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import { leftText } from '../../components/format/duration.ts'
import { element, icon, SCREEN_ICON } from './element.ts'

const TICK_MS = 1_000

export interface HelpPanel {
  readonly node: HTMLElement
  show(help: HelpState): void
}

/** Where the person asks for help: the two ways, then how it stands. What they wrote stays when they ask again. */
export function helpPanel(words: PersonWords, say: (word: HelpWord) => Promise<void>): HelpPanel {
  const problem = element('p', { class: 'problem', role: 'alert' })
  const send = (word: HelpWord) =>
    void say(word).catch(() => {
      problem.textContent = words('helpFailed')
    })
  const choices = waysToAsk(words, send)
  const content = element('div', { class: 'content' })
  let shown = new AbortController()
  return {
    node: element(
      'main',
      { class: 'help' },
      element('header', {}, icon(SCREEN_ICON), element('h1', {}, words('helpTitle'))),
      element('p', { class: 'lead' }, words('helpLead')),
      problem,
      content,
    ),
    show(help) {
      shown.abort()
      shown = new AbortController()
      problem.textContent = problemOf(words, help)
      content.replaceChildren(...parts(words, help, choices, send, shown.signal))
      content.querySelector<HTMLElement>('[data-first]')?.focus()
    },
  }
}

function problemOf(words: PersonWords, help: HelpState): string {
  if (help.phase === 'over') return words('helpOver')
  if (help.phase !== 'failed') return ''
  return words(help.problem === 'rate-limited' ? 'helpTooOften' : 'helpFailed')
}

function parts(
  words: PersonWords,
  help: HelpState,
  choices: HTMLElement,
  send: (word: HelpWord) => void,
  signal: AbortSignal,
): Node[] {
  switch (help.phase) {
    case 'asking':
      return [element('p', { class: 'note', role: 'status' }, words('waiting'))]
    case 'code':
      return [
        element('p', { class: 'prompt' }, words('helpCode')),
        element('p', { class: 'code', 'aria-label': [...help.code].join(' ') }, groupedCode(help.code)),
        countdown(words, help.untilMs, signal),
        element('p', { class: 'warning' }, words('helpCodeWarning')),
        withdraw(words, send),
      ]
    case 'queued':
      return [
        element('p', { class: 'prompt' }, words('helpWaiting')),
        element(
          'p',
          { class: 'place', role: 'status' },
          help.ahead === 0 ? words('helpNext') : words('helpQueued', { count: help.ahead }),
        ),
        withdraw(words, send),
      ]
    case 'taken':
      return [element('p', { class: 'place', role: 'status' }, words('helpTaken', { operator: help.operator }))]
    default:
      return [choices]
  }
}

function waysToAsk(words: PersonWords, send: (word: HelpWord) => void): HTMLElement {
  const wish = element('input', { type: 'text', id: 'words', maxlength: String(HELP_WORDS_MAX), autocomplete: 'off' })
  const way = (name: 'code' | 'queue', label: string, hint: string) => {
    const button = element(
      'button',
      { type: 'button', class: 'way', ...(name === 'code' && { 'data-first': '' }) },
      element('span', {}, label),
      element('span', { class: 'hint' }, hint),
    )
    button.addEventListener('click', () => send({ type: 'help-ask', way: name, words: wish.value }))
    return button
  }
  return element(
    'div',
    { class: 'ways' },
    element('label', { for: 'words' }, words('helpWords')),
    wish,
    way('code', words('helpByCode'), words('helpByCodeHint')),
    way('queue', words('helpByQueue'), words('helpByQueueHint')),
  )
}

function withdraw(words: PersonWords, send: (word: HelpWord) => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'withdraw', 'data-first': '' }, words('helpWithdraw'))
  button.addEventListener('click', () => send({ type: 'help-withdraw' }))
  return button
}

function countdown(words: PersonWords, untilMs: number, signal: AbortSignal): HTMLElement {
  const line = element('p', { class: 'note', role: 'timer' })
  const tick = () => {
    line.textContent = words('helpCodeFor', { left: leftText(untilMs, Date.now()) })
  }
  const timer = setInterval(tick, TICK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
  tick()
  return line
}
