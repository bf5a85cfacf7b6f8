import { RECONNECT_TIMEOUT_MS } from '#protocol/limits.ts'
import type { ChatMessage } from '#protocol/peer/chat.ts'
import type { Company } from '#protocol/peer/company.ts'
import type { ViewRequest } from '#protocol/peer/control.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { HELD_MAX, type HeldInput, type HostToService, type KeepOut, NO_KEEP_OUT } from '../links/host-link.ts'
import type { Desktop, PlatformErrorCode } from '../platform/platform.ts'
import { AwaitedReturn } from './awaited-return.ts'
import { LiveSession, type LiveSessionOptions } from './live-session.ts'
import { ToolsLink } from './tools/tools-link.ts'

/** The connection by way of the relay; its views have numbers from 1 on. */
const MAIN = 0

export interface SessionViewsOptions extends LiveSessionOptions {
  /** Whose connection is lost may come back; without it the session ends with it. */
  readonly mayReturn: boolean
}

/**
 * A session with all its pictures: the one that the operator asked for, and one for each display that has a window of its own. The others are agreed on over the
 * first, whose other end has proved who it is, and end with it. To the service they are one session. The first may be replaced by another one when it is lost:
 * the tools, and what is so for the session, stay.
 */
export class SessionViews {
  readonly #options: SessionViewsOptions
  #main: LiveSession
  readonly #tools: ToolsLink
  readonly #awaited: AwaitedReturn
  #wasConnected = false
  #renewal: Promise<void> = Promise.resolve()
  #isClosed = false
  readonly #views = new Map<number, LiveSession>()
  readonly #held = new Map<number, HeldInput>()
  #desktop: Desktop | undefined
  #lost: Parameters<LiveSession['desktopLost']> | undefined
  #scopes: readonly Scope[]
  #keepOut = NO_KEEP_OUT
  #isPaused = false
  #isFrozen = false
  #isAsking = false
  #company: Company | undefined
  #hasTurn = true

  constructor(options: SessionViewsOptions) {
    const { clock, send, onEnded } = options
    this.#options = options
    this.#scopes = options.scopes
    this.#awaited = new AwaitedReturn({ clock, onGiveUp: () => onEnded('link-lost') })
    this.#tools = new ToolsLink({
      clock,
      scopes: () => this.#scopes,
      toService: send,
      toPeer: message => this.#main.toolsChannel.sendTools(message),
      unsentBytes: () => this.#main.toolsChannel.unsentToolsBytes,
    })
    this.#main = this.#connect()
  }

  handleSignal(signal: Signal): void {
    if (signal.kind !== 'again') return void this.#main.handleSignal(signal)
    this.#renewal = this.#renewal.then(() => this.#renew(signal.connection))
  }

  trustPeer(): void {
    this.#main.trustPeer()
  }

  attachDesktop(desktop: Desktop): void {
    this.#desktop = desktop
    this.#lost = undefined
    for (const session of this.#all) session.attachDesktop(desktop)
  }

  desktopLost(message: string, code: PlatformErrorCode | undefined): void {
    this.#desktop = undefined
    this.#lost = [message, code]
    for (const session of this.#all) session.desktopLost(message, code)
  }

  /** The tools are the session's, by its first connection alone. */
  get tools(): Pick<ToolsLink, 'takeHelper' | 'dropHelper' | 'refused'> {
    return this.#tools
  }

  /** The chat is the session's, as the tools are. */
  sendChat(message: ChatMessage): void {
    this.#main.sendChat(message)
  }

  setScopes(scopes: readonly Scope[]): void {
    this.#scopes = scopes
    for (const session of this.#all) session.setScopes(scopes)
  }

  /** Where the person's own window stands, and whether it has the keyboard. */
  setKeepOut(keepOut: KeepOut): void {
    this.#keepOut = keepOut
    for (const session of this.#all) session.setKeepOut(keepOut)
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused
    this.#tools.setPaused(paused)
    await Promise.all(this.#all.map(session => session.setPaused(paused)))
  }

  async setFrozen(frozen: boolean): Promise<void> {
    this.#isFrozen = frozen
    this.#tools.setFrozen(frozen)
    await Promise.all(this.#all.map(session => session.setFrozen(frozen)))
  }

  async setAsking(isAsking: boolean): Promise<void> {
    this.#isAsking = isAsking
    await Promise.all(this.#all.map(session => session.setAsking(isAsking)))
  }

  /** Who is here; input is taken of whoever's turn it is. */
  async setCompany(people: Company): Promise<void> {
    this.#company = people
    const hadTurn = this.#hasTurn
    this.#hasTurn = people.some(({ isSelf, hasInput }) => isSelf && hasInput)
    this.#tellCompany()
    await Promise.all(this.#all.map(session => session.setTurn(this.#hasTurn)))
    if (hadTurn && !this.#hasTurn) this.#options.send({ type: 'turn-over' })
  }

  /** Idempotent. */
  async close(reason: EndReason): Promise<void> {
    this.#isClosed = true
    this.#awaited.over()
    this.#tools.close()
    const all = this.#all
    this.#views.clear()
    await Promise.all(all.map(session => session.close(reason)))
  }

  get #all(): LiveSession[] {
    return [this.#main, ...this.#views.values()]
  }

  /** `connection`: what the operator calls it; the first one has no number. */
  #connect(connection?: number): LiveSession {
    const session: LiveSession = new LiveSession({
      ...this.#options,
      scopes: this.#scopes,
      send: message => this.#handleMain(numbered(message, connection)),
      onEnded: reason => session === this.#main && this.#handleEnded(reason),
      onViewRequest: request => this.#handleRequest(request),
      onToolsMessage: message => this.#tools.handle(message),
    })
    return session
  }

  /** In the place of the connection that is lost, for the operator or for both. What it held down comes up before anything is taken from the other. */
  async #renew(connection: number): Promise<void> {
    if (this.#isClosed || !this.#wasConnected) return
    this.#interrupted(RECONNECT_TIMEOUT_MS)
    for (const view of [...this.#views.keys()]) this.#close(view)
    await this.#main.close(null)
    if (this.#isClosed) return
    this.#options.send({ type: 'renewed', connection })
    this.#main = this.#connect(connection)
    this.#prepare(this.#main)
  }

  #interrupted(giveUpInMs: number): void {
    if (this.#awaited.begin(giveUpInMs)) this.#options.send({ type: 'link-interrupted', giveUpInMs })
  }

  #handleEnded(reason: EndReason): void {
    const isAwaited = reason === 'link-lost' && this.#options.mayReturn && this.#wasConnected
    if (!isAwaited) return void this.#options.onEnded(reason)
    this.#interrupted(RECONNECT_TIMEOUT_MS)
    void this.#main.close(null)
  }

  #handleMain(message: HostToService): void {
    if (message.type === 'held') return void this.#handleHeld(MAIN, message.held)
    if (message.type === 'link-interrupted') return void this.#interrupted(message.giveUpInMs)
    if (message.type === 'peer-connected' || message.type === 'link-restored') this.#awaited.over()
    this.#options.send(message)
    if (message.type !== 'peer-connected') return
    this.#wasConnected = true
    this.#tellCompany()
    if (this.#isFrozen) this.#main.sendControl({ type: 'lease', state: 'frozen' })
  }

  #tellCompany(): void {
    if (this.#company) this.#main.sendControl({ type: 'company', people: this.#company })
  }

  #handleRequest(request: ViewRequest): void {
    if (request.type === 'open-view') this.#open(request.view, request.displayId)
    else if (request.type === 'view-signal') this.#views.get(request.view)?.handleSignal(request.signal)
    else this.#close(request.view)
  }

  #open(view: number, displayId: string): void {
    this.#close(view)
    const session = new LiveSession({
      clock: this.#options.clock,
      paths: this.#options.paths,
      scopes: this.#scopes,
      displayId,
      onActivity: () => this.#options.onActivity?.(),
      send: message => this.#handleViewMessage(view, session, message),
      onEnded: () => {
        if (this.#close(view, session)) this.#main.sendControl({ type: 'view-closed', view })
      },
    })
    this.#views.set(view, session)
    // What makes its connection comes over the first one, whose other end is proven.
    session.trustPeer()
    this.#prepare(session)
  }

  /** What is so in the session is so for a connection that is made now. */
  #prepare(session: LiveSession): void {
    session.setKeepOut(this.#keepOut)
    void session.setPaused(this.#isPaused)
    void session.setFrozen(this.#isFrozen)
    void session.setAsking(this.#isAsking)
    void session.setTurn(this.#hasTurn)
    if (this.#desktop) session.attachDesktop(this.#desktop)
    else if (this.#lost) session.desktopLost(...this.#lost)
  }

  /** Returns false when it isn't there, or when `only` has been replaced by another one. */
  #close(view: number, only?: LiveSession): boolean {
    const session = this.#views.get(view)
    if (!session || (only && only !== session)) return false
    this.#views.delete(view)
    void session.close('operator-ended').then(() => !this.#views.has(view) && this.#handleHeld(view, undefined))
    return true
  }

  #handleViewMessage(view: number, session: LiveSession, message: HostToService): void {
    if (message.type === 'held') this.#handleHeld(view, message.held)
    else if (['log', 'input-dropped', 'activity'].includes(message.type)) this.#options.send(message)
    else if (message.type === 'signal' && this.#views.get(view) === session)
      this.#main.sendControl({ type: 'view-signal', view, signal: message.signal })
    // Its links come and go with its window; the session's is the first.
  }

  /** The service lifts whatever any of them holds. */
  #handleHeld(view: number, held: HeldInput | undefined): void {
    if (held) this.#held.set(view, held)
    else this.#held.delete(view)
    const all = [...this.#held.values()]
    const keys = [...new Set(all.flatMap(one => one.keys))].slice(0, HELD_MAX)
    const buttons = [...new Set(all.flatMap(one => one.buttons))]
    this.#options.send({ type: 'held', held: { keys, buttons } })
  }
}

/** The operator knows by the number which of its wishes an offer answers. */
function numbered(message: HostToService, connection: number | undefined): HostToService {
  if (connection === undefined || message.type !== 'signal' || message.signal.kind !== 'offer') return message
  return { ...message, signal: { ...message.signal, connection } }
}
