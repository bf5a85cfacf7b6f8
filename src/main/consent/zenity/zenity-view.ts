import type { ConsentContract, ConsentState } from '#ipc/consent.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { type PersonWords, wordsIn } from '#protocol/person/words.ts'
import type { ZenityEnd, ZenityOptions, ZenityWindow } from './zenity-window.ts'
import { bannerText, questionText } from './zenity-words.ts'

type Asking = Extract<ConsentState, { name: 'asking' }>
type Banner = Extract<ConsentState, { name: 'banner' }>

const DIALOG_WIDTH = 560
const BANNER_WIDTH = 640

export interface ZenityViewParts {
  readonly handlers: CallHandlers<ConsentContract>
  readonly nowMs: () => number
  open(content: Pick<ZenityOptions, 'text' | 'buttons' | 'width'>, kind: 'dialog' | 'banner'): ZenityWindow
  /** The window went away and nobody pressed anything. */
  onGone(): void
  /** None can be shown. */
  onFailed(): void
}

/**
 * What main says, in windows of GTK's that can do one thing each: they end with a press. It asks main as the page in a browser does, so that main's rules
 * hold here too; a press that main refuses brings the same window up again.
 */
export class ZenityView {
  readonly #parts: ZenityViewParts
  #state: ConsentState | undefined
  #open: { readonly key: string; readonly window: ZenityWindow } | undefined

  constructor(parts: ZenityViewParts) {
    this.#parts = parts
  }

  show(state: ConsentState): void {
    this.#state = state
    if (state.name === 'asking') this.#showQuestion(state)
    else if (state.name === 'banner') this.#showBanner(state)
    else if (state.name === 'over') this.#showOver(state)
    else if (state.name === 'notice') this.#showNotice(state)
    else if (state.name !== 'waiting') this.#parts.onFailed()
  }

  /** Idempotent. */
  close(): void {
    this.#state = undefined
    this.#open?.window.close()
  }

  #showQuestion(state: Asking): void {
    const { request, numbers, language, answerByMs } = state
    const key = `${request.sessionId} ${numbers}`
    if (this.#open?.key === key) return
    const words = wordsIn(language)
    const seconds = Math.max(1, Math.round((answerByMs - this.#parts.nowMs()) / 1000))
    const text = questionText(words, state, seconds)
    const yes = numbers === null ? [words('yes')] : numbers.map(String)
    const window = this.#replace(key, { text, buttons: [words('no'), ...yes], width: DIALOG_WIDTH }, 'dialog')
    window.shown.then(
      () => void Promise.resolve(this.#parts.handlers.painted({ language, text })).catch(() => undefined),
      () => this.#open?.window === window && this.#parts.onFailed(),
    )
    void this.#whenEnded(window, end => this.#answer(state, words, end))
  }

  async #answer({ request, numbers, language }: Asking, words: PersonWords, end: ZenityEnd): Promise<void> {
    const label = end.how === 'pressed' ? end.label : words('no')
    const number = numbers?.find(candidate => String(candidate) === label) ?? null
    const isYes = numbers === null ? label === words('yes') : number !== null
    const answer = isYes
      ? { accept: true as const, scopes: request.scopes, number, language }
      : { accept: false as const }
    await this.#parts.handlers.answer({ answer })
  }

  #showBanner(state: Banner): void {
    const { language, scopes, isPaused, further, unasked, script } = state
    const words = wordsIn(language)
    const buttons = [
      ...(further ? [words('no'), ...yesOf(words, further)] : []),
      ...(script === undefined ? [words(isPaused ? 'resume' : 'pause')] : []),
      ...(scopes.length > 1 && script === undefined ? [words('takeBack')] : []),
      words('end'),
    ]
    const text = bannerText(words, state)
    const key = [text, ...buttons].join('\n')
    if (this.#open?.key === key) return
    const window = this.#replace(key, { text, buttons, width: BANNER_WIDTH }, 'banner')
    // Nobody may be watched without it.
    window.shown.then(
      () =>
        (further || unasked) &&
        void Promise.resolve(this.#parts.handlers.painted({ language, text })).catch(() => undefined),
      () => this.#open?.window === window && this.#parts.onGone(),
    )
    void this.#whenEnded(window, end => this.#press(words, state, end))
  }

  async #press(words: PersonWords, { isPaused, further, language }: Banner, end: ZenityEnd): Promise<void> {
    const { handlers } = this.#parts
    const label = end.how === 'pressed' ? end.label : ''
    if (further && label !== '' && yesOf(words, further).includes(label)) {
      const scopes = [...new Set(['view' as const, ...further.scopes])]
      const number = further.numbers?.find(candidate => String(candidate) === label) ?? null
      await handlers.answer({ answer: { accept: true, scopes, number, language } })
    } else if (further && label === words('no')) await handlers.answer({ answer: { accept: false } })
    else if (label === words('takeBack')) await handlers.takeBack(undefined)
    else if (label === words('pause') || label === words('resume')) await handlers.pause({ isPaused: !isPaused })
    // Escape and a window manager's "close" are keys, whoever pressed them.
    else await handlers.end({ byKey: label === '' })
    // It went with the press; what the press does comes as another state.
    if (label !== '' && label !== words('end')) this.#again()
  }

  #showOver({ language, reason }: Extract<ConsentState, { name: 'over' }>): void {
    const words = wordsIn(language)
    const text = [words.over(reason), ...(reason === 'denied' ? [] : [words('overSafe')])].join('\n')
    this.#replace('over', { text, buttons: [words('plainClose')], width: BANNER_WIDTH }, 'banner')
  }

  #showNotice({ language, organisation }: Extract<ConsentState, { name: 'notice' }>): void {
    const words = wordsIn(language)
    const { handlers, onFailed } = this.#parts
    const text = [words('noticeTitle'), '', words('noticeText', { organisation }), '', words('noticeHint')].join('\n')
    const window = this.#replace('notice', { text, buttons: [words('noticeRead')], width: DIALOG_WIDTH }, 'dialog')
    window.shown.then(
      () => void Promise.resolve(handlers.painted(undefined)).catch(() => undefined),
      () => this.#open?.window === window && onFailed(),
    )
    void this.#whenEnded(window, async () => void (await handlers.understood()))
  }

  /** The older window goes when the newer one is there: a session is never without one. */
  #replace(key: string, content: Parameters<ZenityViewParts['open']>[0], kind: 'dialog' | 'banner'): ZenityWindow {
    const older = this.#open?.window
    const window = this.#parts.open(content, kind)
    this.#open = { key, window }
    void Promise.race([window.shown.catch(() => undefined), window.ended]).then(() => older?.close())
    return window
  }

  async #whenEnded(window: ZenityWindow, act: (end: ZenityEnd) => Promise<void>): Promise<void> {
    let isShown = false
    window.shown.then(
      () => {
        isShown = true
      },
      () => undefined,
    )
    const end = await window.ended
    // Its place was taken by another one.
    if (this.#open?.window !== window) return
    this.#open = undefined
    if (this.#state === undefined) return
    if (!isShown) return this.#parts.onFailed()
    if (end.how === 'died') return this.#parts.onGone()
    try {
      await act(end)
    } catch {
      // Too early, or no press of the person's own: it is asked again.
      this.#again()
    }
  }

  #again(): void {
    const state = this.#state
    if (!this.#open && state) this.show(state)
  }
}

/** What means yes: the word, or one of the numbers. */
const yesOf = (words: PersonWords, { numbers }: NonNullable<Banner['further']>): string[] =>
  numbers === null ? [words('yes')] : numbers.map(String)
