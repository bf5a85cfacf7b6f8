import type { ConsentToService, Live, ServiceToConsent } from '#protocol/consent.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { ConsentWindow } from '../../../consent/consent-window.ts'
import type { WindowHandlers } from '../person-window.ts'

interface Member {
  readonly request: SessionRequest
  readonly handlers: WindowHandlers
  /** What the banner says of them; none before the person agreed. */
  live: Live | undefined
  readonly leave: () => void
}

export interface SharedWindowOptions {
  readonly open: (handlers: WindowHandlers) => ConsentWindow
  /** Somebody's rights or connection changed, or they left. */
  readonly onChanged: () => void
}

/** What of the window lasts. */
const STANDING: ReadonlySet<ConsentToService['type']> = new Set(['place', 'keyboard', 'covered', 'pause'])

/**
 * The person's one window, in which several operators may be: each session speaks to it as if it were alone. The person's word from the banner goes to all of
 * them, their answer to whoever asks, and the window goes with the last.
 */
export class SharedWindow {
  readonly #options: SharedWindowOptions
  readonly #members: Member[] = []
  #window: ConsentWindow | undefined
  /** Whose question stands before the person. */
  #asker: Member | undefined
  /** What a later one has to hear too: where the banner is, whether it has the keyboard, what is in front of it, whether it is paused. */
  readonly #standing = new Map<ConsentToService['type'], ConsentToService>()

  constructor(options: SharedWindowOptions) {
    this.#options = options
  }

  get isAsking(): boolean {
    return this.#asker !== undefined
  }

  /** The session's own end of it. The first one opens the window, every other asks in it to be let in. */
  openFor(request: SessionRequest, handlers: WindowHandlers): ConsentWindow {
    const { promise: left, resolve: leave } = Promise.withResolvers<void>()
    const member: Member = { request, handlers, live: undefined, leave }
    const isFirst = this.#members.push(member) === 1
    if (isFirst)
      this.#window = this.#options.open({
        onMessage: message => this.#handle(message),
        onGone: why => this.#handleGone(why),
        onLine: line => this.#members[0]?.handlers.onLine(line),
      })
    // Not before whoever opens it has it.
    else queueMicrotask(() => handlers.onMessage({ type: 'ready' }))
    return { send: message => this.#say(member, message), kill: () => this.#kill(member), gone: left }
  }

  get #first(): Member | undefined {
    return this.#members[0]
  }

  #say(member: Member, message: ServiceToConsent): void {
    if (!this.#members.includes(member)) return
    if (message.type === 'banner') this.#showLive(member, message)
    else if (message.type === 'over') this.#over(member, message)
    else if (message.type === 'further-over') this.#questionOver(member)
    else if (message.type === 'ask' && member !== this.#first)
      this.#ask(member, { type: 'ask-join', request: message.request, armDelayMs: message.armDelayMs })
    else if (message.type === 'ask-further')
      this.#ask(member, member === this.#first ? message : { ...message, by: member.request.operator.name })
    // The chat is the first operator's.
    else if (message.type !== 'chat' || member === this.#first) this.#window?.send(message)
  }

  /** While the person decides nobody's hand but theirs counts. */
  #ask(member: Member, message: ServiceToConsent): void {
    this.#asker = member
    for (const other of this.#members) if (other !== member) other.handlers.onOthersAsked?.(true)
    this.#window?.send(message)
  }

  #questionOver(member: Member): void {
    if (this.#asker !== member) return
    this.#asker = undefined
    this.#window?.send({ type: 'further-over' })
    for (const other of this.#members) other.handlers.onOthersAsked?.(false)
  }

  #showLive(member: Member, live: Live): void {
    const isNew = member.live === undefined
    member.live = live
    if (isNew) this.#questionOver(member)
    this.#showBanner()
    if (isNew && member !== this.#first) for (const said of this.#standing.values()) member.handlers.onMessage(said)
    this.#options.onChanged()
  }

  /** One banner for all: every name, all that any of them may. */
  #showBanner(): void {
    const [first, ...others] = this.#members.filter(({ live }) => live !== undefined)
    if (!first?.live) return
    const all = [first, ...others].flatMap(({ live }) => live ?? [])
    this.#window?.send({
      ...{ type: 'banner', sinceMs: first.live.sinceMs, request: first.request },
      linkUp: all.some(({ linkUp }) => linkUp),
      scopes: unionOf(all),
      // Said only once it holds for everybody.
      isPaused: all.every(({ isPaused }) => isPaused),
      isRecording: all.some(({ isRecording }) => isRecording),
      watchers: [...new Set(all.flatMap(({ watchers }) => watchers))],
      others: others.map(({ request }) => request.operator.name),
      // Of the first one alone: who joins is let in by the person's answer.
      ...(first.live.unasked && { unasked: first.live.unasked }),
    })
  }

  #over(member: Member, message: ServiceToConsent): void {
    if (this.#members.length === 1) {
      this.#asker = undefined
      this.#window?.send(message)
      return
    }
    this.#leave(member)
  }

  #kill(member: Member): void {
    if (this.#members.length === 1 || !this.#members.includes(member)) this.#window?.kill()
    else this.#leave(member)
  }

  #leave(member: Member): void {
    this.#questionOver(member)
    this.#members.splice(this.#members.indexOf(member), 1)
    member.leave()
    if (this.#members.some(({ live }) => live !== undefined)) this.#showBanner()
    else for (const other of [...this.#members]) other.handlers.onAlone?.()
    this.#options.onChanged()
  }

  #handle(message: ConsentToService): void {
    if (message.type === 'shown' || message.type === 'answer') {
      ;(this.#asker ?? this.#first)?.handlers.onMessage(message)
      return
    }
    if (message.type === 'chat' || message.type === 'ready') {
      this.#first?.handlers.onMessage(message)
      return
    }
    if (STANDING.has(message.type)) this.#standing.set(message.type, message)
    // The first one last: the window says goodbye with their words.
    for (const member of this.#members.toReversed()) member.handlers.onMessage(message)
  }

  #handleGone(why: string): void {
    for (const member of this.#members.splice(0)) {
      member.handlers.onGone(why)
      member.leave()
    }
  }
}

const unionOf = (all: readonly Live[]) => [...new Set(all.flatMap(({ scopes }) => scopes))]
