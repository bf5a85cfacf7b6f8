import type { ConsentContract, ConsentState } from '#ipc/consent.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { assertNever } from '#protocol/assert-never.ts'
import type { ConsentAnswer, ConsentToService, Kiosk, Live, ServiceToConsent } from '#protocol/consent.ts'
import { HandholdError } from '#protocol/errors.ts'
import type { HelpState, HelpWord } from '#protocol/help/state.ts'
import type { Language } from '#protocol/person/language.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { ShownWords } from '#protocol/trust/receipt.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { AskedQuestion, notYet } from './asked-question.ts'
import { BannerKeyboard, type BannerKeyboardParts } from './banner-keyboard.ts'
import { type ChatParts, ConsentChat } from './chat.ts'
import { notOwnHand } from './own-hand/own-hand.ts'
import type { PressKind } from './own-hand/presses.ts'

export interface ConsentClock {
  /** Epoch. */
  nowMs(): number
  /** Never jumps; only differences mean something. */
  monotonicMs(): number
}

export interface ConversationParts {
  readonly clock: ConsentClock
  /** Of the person's desktop. */
  readonly language: Language
  /** Rejects with `forbidden` unless the press that just came is one of the person's own mouse or keyboard. */
  requireOwnHand(only?: PressKind): Promise<void>
  /** Rejects with `forbidden` where only a program pressed something just now. */
  refuseProgram(only?: PressKind): Promise<void>
  /** What was pressed until now doesn't count for the next question. */
  forgetPresses(): Promise<void>
  tellService(message: ConsentToService): void
  /** The window shows this from now on. */
  show(state: ConsentState): void
  readonly showChat: ChatParts['show']
  readonly makeRoom: ChatParts['makeRoom']
  readonly keyboard: Pick<BannerKeyboardParts, 'take' | 'giveBack' | 'spoilDraft'>
}

type Banner = Extract<ConsentState, { name: 'banner' }>
type FurtherView = NonNullable<Banner['further']>

/** More that is asked for in a session which lives, or that somebody else may join it. */
interface Further {
  readonly scopes: Scope[]
  readonly by: string | undefined
  readonly joins: SessionRequest | undefined
  readonly timeoutMs: number
  readonly question: AskedQuestion
}

/** What was asked and what they said. */
type Phase =
  | { readonly name: 'waiting' }
  | { readonly name: 'asking'; readonly request: SessionRequest; readonly question: AskedQuestion }
  | { readonly name: 'answered'; readonly request: SessionRequest; readonly isAccepted: boolean }
  | {
      readonly name: 'live'
      readonly request: SessionRequest
      readonly further?: Further | undefined
      /** Nobody was asked, and the service waits until the banner can be seen. */
      readonly isAnnounced?: boolean
    }
  /** Nobody is asked here. `isTold` once the service knows that it can be read. */
  | { readonly name: 'kiosk'; readonly isTold: boolean }
  /** Nobody asks anybody: somebody is told something. `isTold` as above. */
  | { readonly name: 'notice'; readonly isTold: boolean }
  /** Nobody asks here; the person does. */
  | { readonly name: 'help' }
  | { readonly name: 'over' }

/**
 * The person's side of one request, from the question to the end of the session. It asks once and tells the service each answer once;
 * a "yes" counts only after the question was painted and the arming delay has passed, and only by the person's own hand, whatever the window says.
 */
export class Conversation {
  #phase: Phase = { name: 'waiting' }
  #state: ConsentState
  #numbers: number[] = []
  #helpAskedAtMs: number | null = null
  #script: string | undefined
  #isCovered = false
  #isChatOpen = false
  #barrier: Promise<void> = Promise.resolve()
  readonly #parts: ConversationParts
  #chat: ConsentChat
  /** Whose keys come to the banner. */
  readonly keyboard: BannerKeyboard
  readonly handlers: CallHandlers<ConsentContract>

  constructor(parts: ConversationParts) {
    this.#parts = parts
    this.#state = { name: 'waiting', language: parts.language }
    this.#chat = this.#newChat()
    this.keyboard = new BannerKeyboard({
      ...parts.keyboard,
      nowMs: () => parts.clock.nowMs(),
      monotonicMs: () => parts.clock.monotonicMs(),
      refuseProgram: only => parts.refuseProgram(only),
      tellService: isHere => parts.tellService({ type: 'keyboard', isHere }),
    })
    this.handlers = {
      state: () => this.#state,
      painted: words => this.#handlePainted(words),
      answer: ({ answer }) => this.#handleAnswer(answer),
      pause: ({ isPaused, byKey }) => this.#fromBanner({ type: 'pause', isPaused }, byKey),
      takeBack: pressed => this.#fromBanner({ type: 'take-back' }, pressed?.byKey),
      end: pressed => this.#fromBanner({ type: 'end' }, pressed?.byKey),
      keyboard: ({ isHere }) => this.keyboard.see(isHere),
      understood: () => this.#handleUnderstood(),
      help: word => this.#handleHelpWord(word),
      say: ({ text }) => this.#requireLive().say(text),
      typing: ({ isTyping }) => {
        this.#requireLive().typing(isTyping)
        this.keyboard.writes(isTyping)
      },
      openChat: ({ isOpen }) => this.#requireLive().open(isOpen),
    }
  }

  #newChat(): ConsentChat {
    const parts = this.#parts
    return new ConsentChat({
      nowMs: () => parts.clock.nowMs(),
      requireOwnHand: async () => {
        // It was written by keys, and is sent by one: what the operator's mouse does meanwhile doesn't keep the person from it.
        await parts.requireOwnHand().catch(() => parts.requireOwnHand('key'))
        if (this.keyboard.isSpoiled) throw notOwnHand()
      },
      tellService: chat => parts.tellService({ type: 'chat', chat }),
      show: view => parts.showChat(view),
      makeRoom: isOpen => {
        this.#isChatOpen = isOpen
        parts.makeRoom(isOpen)
        this.#wantKeyboard()
      },
    })
  }

  /** What can be written, or has to be answered, needs the keyboard. */
  #wantKeyboard(): void {
    this.keyboard.need(this.#phase.name === 'live' && (this.#isChatOpen || this.#banner?.further !== undefined))
  }

  /** Whom it was with is gone; what was written stays with their session. */
  #beginChatAnew(): void {
    this.#chat.open(false)
    this.#chat = this.#newChat()
  }

  /** What the window shows now. */
  get state(): ConsentState {
    return this.#state
  }

  get isOver(): boolean {
    return this.#phase.name === 'over'
  }

  /** A session lives: a "no" to more of it closes nothing. */
  get isLive(): boolean {
    return this.#phase.name === 'live'
  }

  handleService(message: ServiceToConsent): void {
    switch (message.type) {
      case 'ask':
        this.#helpAskedAtMs = message.helpAskedAtMs
        this.#script = message.script
        this.#handleAsk(message.request, message.armDelayMs)
        break
      case 'tell':
        this.#handleTell(message.request, message.script)
        break
      case 'announce':
        // A window that asks about one session never becomes one that asks nobody.
        if (this.#phase.name === 'waiting') this.#phase = { name: 'live', request: message.request, isAnnounced: true }
        break
      case 'numbers':
        this.#handleNumbers([...message.choices])
        break
      case 'banner':
        this.#handleBanner(message)
        break
      case 'ask-further':
        this.#askBeneath({
          scopes: message.scopes,
          by: message.by,
          joins: undefined,
          timeoutMs: message.timeoutMs,
          question: new AskedQuestion(message.armDelayMs),
        })
        break
      case 'ask-join':
        this.#numbers = []
        this.#askBeneath({
          scopes: [...message.request.scopes],
          by: undefined,
          joins: message.request,
          timeoutMs: message.request.consentTimeoutMs,
          question: new AskedQuestion(message.armDelayMs),
        })
        break
      case 'further-over':
        this.#handleFurtherOver()
        break
      case 'chat':
        if (this.#phase.name === 'live') this.#chat.handleService(message.chat)
        break
      case 'kiosk':
        this.#handleKiosk(message.request, message.kiosk)
        break
      case 'notice':
        this.#handleNotice(message.organisation)
        break
      case 'help':
        this.#handleHelp(message.help)
        break
      case 'over':
        this.#handleOver(message.reason)
        break
      default:
        assertNever(message)
    }
  }

  /** Another window stands in front of this one, or none does any more: what can't be read can't be answered. */
  handleCovered(isCovered: boolean): void {
    this.#isCovered = isCovered
  }

  /** The window is gone. While a session may live this is its end, and nobody's word; before an answer it is a "no", which the service reads from our exit. */
  handleWindowGone(): void {
    if (this.#isAccepted || this.#phase.name === 'live') this.#parts.tellService({ type: 'gone' })
    this.keyboard.close()
    this.#phase = { name: 'over' }
  }

  /** Somebody wants to close the window. Nobody closes a banner, for that is what its buttons are for; a question or a window for help the person does, and no program. */
  async mayClose(): Promise<boolean> {
    if (this.isLive || this.#isAccepted || this.#phase.name === 'kiosk') return false
    return this.#parts.requireOwnHand().then(
      () => true,
      () => false,
    )
  }

  get #isPaused(): boolean {
    return this.#state.name === 'banner' && this.#state.isPaused
  }

  get #isAccepted(): boolean {
    return this.#phase.name === 'answered' && this.#phase.isAccepted
  }

  #handleAsk(request: SessionRequest, armDelayMs: number): void {
    // One window asks one question. Asked again, it is because the service took the answer for too early: it arms anew.
    const isAgain = this.#phase.name === 'answered' && this.#phase.request.sessionId === request.sessionId
    if (this.#phase.name !== 'waiting' && !isAgain) return
    this.#phase = { name: 'asking', request, question: new AskedQuestion(armDelayMs) }
    // Nothing is armed before it was painted: a window that comes up late would else show live buttons for a moment.
    this.#showQuestion(request, request.consentTimeoutMs)
  }

  /** The banner without a question before it, for a script: there is nothing to allow, and to end it is all that they can do. */
  #handleTell(request: SessionRequest, script: string): void {
    if (this.#phase.name !== 'waiting') return
    this.#script = script
    this.#phase = { name: 'live', request }
    const sinceMs = this.#parts.clock.nowMs()
    const live: Live = {
      sinceMs,
      linkUp: true,
      scopes: request.scopes,
      isPaused: false,
      isRecording: false,
      watchers: [],
    }
    this.#handleBanner(live)
  }

  /** One at a time. Asked again, it is because the service took the answer for too early: it arms anew. */
  #askBeneath(further: Further): void {
    const phase = this.#phase
    if (phase.name !== 'live' || (phase.further && !phase.further.question.isAnswered)) return
    const answerByMs = this.#parts.clock.nowMs() + further.timeoutMs
    this.#phase = { ...phase, further }
    // Nothing is armed before it was painted, as with the first question.
    this.#showFurther(this.#viewOf(further, answerByMs, answerByMs))
  }

  #viewOf({ scopes, by, joins, timeoutMs }: Further, answerByMs: number, armedAtMs: number): FurtherView {
    const numbers = joins && joins.matchCommitment !== null ? this.#numbers : null
    return { scopes, timeoutMs, answerByMs, armedAtMs, numbers, ...(by && { by }), ...(joins && { joins }) }
  }

  #handleFurtherOver(): void {
    if (this.#phase.name !== 'live') return
    this.#phase = { name: 'live', request: this.#phase.request }
    this.#showFurther(undefined)
  }

  /** They may come before the question and after it was painted; nothing else of it changes, the time to read included. */
  #handleNumbers(numbers: number[]): void {
    this.#numbers = numbers
    if (this.#state.name === 'asking' && this.#state.numbers !== null) this.#show({ ...this.#state, numbers })
    const further = this.#banner?.further
    if (further && further.numbers !== null) this.#showFurther({ ...further, numbers })
  }

  /** A window that has asked a person never becomes one that asks nobody. */
  #handleKiosk(request: SessionRequest, kiosk: Kiosk): void {
    if (this.#phase.name !== 'waiting' && this.#phase.name !== 'kiosk') return
    this.#phase = { name: 'kiosk', isTold: false }
    this.#show({ name: 'kiosk', language: this.#parts.language, request, kiosk })
  }

  /** A window that tells something never becomes one that asks. */
  #handleNotice(organisation: string): void {
    if (this.#phase.name !== 'waiting') return
    this.#phase = { name: 'notice', isTold: false }
    this.#show({ name: 'notice', language: this.#parts.language, organisation })
  }

  async #handleUnderstood(): Promise<void> {
    if (this.#phase.name !== 'notice' || !this.#phase.isTold) throw notYet()
    await this.#parts.requireOwnHand()
    this.#parts.tellService({ type: 'understood' })
  }

  /** A window in which the person asks never becomes one in which they are asked. */
  #handleHelp(help: HelpState): void {
    if (this.#phase.name !== 'waiting' && this.#phase.name !== 'help') return
    this.#phase = { name: 'help' }
    this.#show({ name: 'help', language: this.#parts.language, help })
  }

  #handleHelpWord(word: HelpWord): void {
    if (this.#phase.name !== 'help') throw new HandholdError('illegal-transition', 'This window asks for no help.')
    this.#parts.tellService(word)
  }

  #handlePainted(words: ShownWords | undefined): void {
    if ((this.#phase.name === 'kiosk' || this.#phase.name === 'notice') && !this.#phase.isTold) {
      this.#phase = { ...this.#phase, isTold: true }
      this.#parts.tellService({ type: 'shown' })
    }
    if (this.#phase.name === 'live' && this.#phase.isAnnounced) {
      this.#phase = { name: 'live', request: this.#phase.request }
      this.#parts.tellService({ type: 'shown', ...(words && { words }) })
    }
    const question = this.#question
    if (!question?.painted(this.#parts.clock.monotonicMs())) return
    this.#parts.tellService({ type: 'shown', ...(words && { words }) })
    const { armDelayMs } = question
    if (this.#phase.name === 'asking') this.#showQuestion(this.#phase.request, armDelayMs)
    else if (this.#phase.name === 'live' && this.#phase.further) {
      const { further } = this.#phase
      const nowMs = this.#parts.clock.nowMs()
      // What the question lifted of the operator's keys was a program's: only what comes after it stood there is an answer to it.
      this.#barrier = this.#parts.forgetPresses()
      this.#showFurther(this.#viewOf(further, nowMs + further.timeoutMs, nowMs + armDelayMs))
    }
  }

  async #handleAnswer(answer: ConsentAnswer): Promise<void> {
    this.#requireReadable()
    await this.#barrier
    await this.#parts.requireOwnHand()
    // Something may have happened meanwhile.
    this.#requireReadable().answered()
    if (this.#phase.name === 'asking')
      this.#phase = { name: 'answered', request: this.#phase.request, isAccepted: answer.accept }
    this.#parts.tellService({ type: 'answer', answer })
  }

  #requireReadable(): AskedQuestion {
    if (this.#phase.name === 'waiting') throw notYet()
    const question = this.#question
    if (!question) throw new HandholdError('illegal-transition', 'This was answered already.')
    question.requireReadable(this.#parts.clock.monotonicMs(), this.#isCovered)
    return question
  }

  get #question(): AskedQuestion | undefined {
    if (this.#phase.name === 'asking') return this.#phase.question
    return this.#phase.name === 'live' ? this.#phase.further?.question : undefined
  }

  get #banner(): Banner | undefined {
    return this.#state.name === 'banner' ? this.#state : undefined
  }

  /**
   * What these do only takes away, so any press of a person's will do, whatever the operator does beside it, but for the end of a pause; the presses that an
   * operator sends to the banner won't. Where it was a key that pressed the button, it has to have been a key of the person's.
   */
  async #fromBanner(
    message: Extract<ConsentToService, { type: 'pause' | 'take-back' | 'end' }>,
    byKey = false,
  ): Promise<void> {
    if (!this.#isAccepted && this.#phase.name !== 'live') {
      throw new HandholdError('illegal-transition', 'There is no session.')
    }
    if (this.#script !== undefined && message.type !== 'end')
      throw new HandholdError('illegal-transition', 'A script can be ended, and nothing else.')
    if (message.type === 'pause' && !message.isPaused)
      await this.#barrier.then(() => this.#parts.requireOwnHand(byKey ? 'key' : undefined))
    else await this.#parts.refuseProgram(byKey ? 'key' : undefined)
    this.#parts.tellService(message)
  }

  #requireLive(): ConsentChat {
    if (this.#phase.name !== 'live' || this.#script !== undefined)
      throw new HandholdError('illegal-transition', 'There is no session.')
    return this.#chat
  }

  #handleBanner({
    sinceMs,
    linkUp,
    scopes,
    isPaused,
    isRecording,
    watchers,
    unasked,
    others = [],
    request: present,
  }: Omit<Extract<ServiceToConsent, { type: 'banner' }>, 'type'>): void {
    if (!('request' in this.#phase)) return
    if (!this.#isAccepted && this.#phase.name !== 'live') return
    const request = present ?? this.#phase.request
    if (request.sessionId !== this.#phase.request.sessionId) this.#beginChatAnew()
    // The keys that the pause itself lifted were a program's: only what comes after them says whether it goes on.
    if (isPaused && !this.#isPaused) this.#barrier = this.#parts.forgetPresses()
    this.#phase = { ...(this.#phase.name === 'live' ? this.#phase : undefined), name: 'live', request }
    const { language } = this.#parts
    const further = this.#banner?.further
    this.#show({
      ...{ name: 'banner', language, request, sinceMs, linkUp, scopes, isPaused, isRecording, watchers },
      ...(unasked && { unasked }),
      ...(others.length > 0 && { others }),
      ...(further && { further }),
      ...(this.#script !== undefined && { script: this.#script }),
    })
    this.keyboard.begin()
  }

  #handleOver(reason: EndReason): void {
    const request = 'request' in this.#phase ? this.#phase.request : undefined
    if (this.#phase.name === 'live') this.#chat.open(false)
    this.keyboard.close()
    this.#phase = { name: 'over' }
    if (request !== undefined) this.#show({ name: 'over', language: this.#parts.language, request, reason })
  }

  #showQuestion(request: SessionRequest, armDelayMs: number): void {
    const nowMs = this.#parts.clock.nowMs()
    this.#show({
      name: 'asking',
      language: this.#parts.language,
      request,
      numbers: request.matchCommitment === null ? null : this.#numbers,
      helpAskedAtMs: this.#helpAskedAtMs,
      answerByMs: nowMs + request.consentTimeoutMs,
      armedAtMs: nowMs + armDelayMs,
      ...(this.#script !== undefined && { script: this.#script }),
    })
  }

  #showFurther(further: FurtherView | undefined): void {
    const banner = this.#banner
    if (!banner) return
    const { further: _, ...rest } = banner
    this.#show(further ? { ...rest, further } : rest)
    this.#wantKeyboard()
  }

  #show(state: ConsentState): void {
    this.#state = state
    this.#parts.show(state)
  }
}
