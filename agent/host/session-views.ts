import type { DesktopArea } from '#protocol/consent.ts'
import type { ChatMessage } from '#protocol/peer/chat.ts'
import type { Company } from '#protocol/peer/company.ts'
import type { ViewRequest } from '#protocol/peer/control.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { HELD_MAX, type HeldInput, type HostToService } from '../links/host-link.ts'
import type { Desktop, PlatformErrorCode } from '../platform/platform.ts'
import { LiveSession, type LiveSessionOptions } from './live-session.ts'

/** The connection by way of the relay; its views have numbers from 1 on. */
const MAIN = 0

/**
 * A session with all its pictures: the one that the operator asked for, and one for each display that has a window of its own. The others are agreed on over the
 * first, whose other end has proved who it is, and end with it. To the service they are one session.
 */
export class SessionViews {
  readonly #options: LiveSessionOptions
  readonly #main: LiveSession
  readonly #views = new Map<number, LiveSession>()
  readonly #held = new Map<number, HeldInput>()
  #desktop: Desktop | undefined
  #lost: Parameters<LiveSession['desktopLost']> | undefined
  #scopes: readonly Scope[]
  #keepOut: DesktopArea | undefined
  #isPaused = false
  #isFrozen = false
  #isAsking = false
  #company: Company | undefined
  #hasTurn = true

  constructor(options: LiveSessionOptions) {
    this.#options = options
    this.#scopes = options.scopes
    this.#main = new LiveSession({
      ...options,
      send: message => this.#handleMain(message),
      onViewRequest: request => this.#handleRequest(request),
    })
  }

  handleSignal(signal: Signal): void {
    this.#main.handleSignal(signal)
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
  get tools(): LiveSession['tools'] {
    return this.#main.tools
  }

  /** The chat is the session's, as the tools are. */
  sendChat(message: ChatMessage): void {
    this.#main.sendChat(message)
  }

  setScopes(scopes: readonly Scope[]): void {
    this.#scopes = scopes
    for (const session of this.#all) session.setScopes(scopes)
  }

  /** Where the person's own window stands. */
  setKeepOut(area: DesktopArea | undefined): void {
    this.#keepOut = area
    for (const session of this.#all) session.setKeepOut(area)
  }

  async setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused
    await Promise.all(this.#all.map(session => session.setPaused(paused)))
  }

  async setFrozen(frozen: boolean): Promise<void> {
    this.#isFrozen = frozen
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
    const all = this.#all
    this.#views.clear()
    await Promise.all(all.map(session => session.close(reason)))
  }

  get #all(): LiveSession[] {
    return [this.#main, ...this.#views.values()]
  }

  #handleMain(message: HostToService): void {
    if (message.type === 'held') this.#handleHeld(MAIN, message.held)
    else this.#options.send(message)
    if (message.type === 'peer-connected') this.#tellCompany()
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
    session.setKeepOut(this.#keepOut)
    // What makes its connection comes over the first one, whose other end is proven.
    session.trustPeer()
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
