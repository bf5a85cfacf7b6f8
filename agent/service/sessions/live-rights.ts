import type { FurtherAnswer, Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { Clock } from '../../links/clock.ts'
import type { ServiceToHost } from '../../links/host-link.ts'

/** A host that doesn't say in this time that it paused isn't trusted to have done it. Above the 250 ms that it has, so that a busy machine doesn't lose sessions. */
const PAUSE_CONFIRMED_WITHIN_MS = 3_000

/** The person's own word; and by policy, that they can't see who is there. */
type PauseCause = 'user' | 'covered' | 'locked'
type RightsMessage = Extract<ServiceToHost, { type: 'set-paused' | 'set-scopes' }>

export interface LiveRightsOptions {
  readonly clock: Clock
  readonly granted: readonly Scope[]
  readonly tellHost: (message: RightsMessage) => void
  /** For the session's machine. */
  readonly onEvent: (
    event: Extract<SessionEvent, { type: 'paused' | 'resumed' | 'scopes-changed' | 'further-answered' }>,
  ) => void
  /** The banner has something new to say. */
  readonly onChanged: () => void
  /** The host doesn't obey: the session has to end. */
  readonly onDisobeyed: () => void
}

/** What the person allows while a session lives: they pause it, take control back, and allow more. Whatever comes, the host is told first. */
export class LiveRights {
  readonly #options: LiveRightsOptions
  #scopes: readonly Scope[]
  readonly #pauses = new Set<PauseCause>()
  #isPauseInForce = false
  #cancelWatchdog: (() => void) | undefined

  constructor(options: LiveRightsOptions) {
    this.#options = options
    this.#scopes = options.granted
  }

  get scopes(): Scope[] {
    return [...this.#scopes]
  }

  get isPaused(): boolean {
    return this.#pauses.size > 0
  }

  /** Who paused it; the person's word is the one that counts. */
  get pausedBy(): 'user' | 'policy' {
    return this.#pauses.has('user') ? 'user' : 'policy'
  }

  /** What the person may be told: a pause is one when the host has said so, after its last frame and its last input. */
  get isPauseInForce(): boolean {
    return this.#isPauseInForce
  }

  /** The person pauses and goes on; by policy a session rests while they can't see who is there. Each is taken back by itself. */
  setPaused(cause: PauseCause, isPaused: boolean): void {
    const before = this.isPaused
    if (isPaused) this.#pauses.add(cause)
    else this.#pauses.delete(cause)
    if (this.isPaused === before) return
    const { clock, tellHost, onEvent, onChanged, onDisobeyed } = this.#options
    this.#isPauseInForce = false
    tellHost({ type: 'set-paused', paused: isPaused })
    this.#stopWatching()
    if (isPaused) this.#cancelWatchdog = clock.setTimer(onDisobeyed, PAUSE_CONFIRMED_WITHIN_MS)
    onEvent(isPaused ? { type: 'paused', by: this.pausedBy } : { type: 'resumed' })
    if (!isPaused) onChanged()
  }

  /** The host says that it is paused. */
  confirmPaused(): void {
    this.#stopWatching()
    if (!this.isPaused || this.#isPauseInForce) return
    this.#isPauseInForce = true
    this.#options.onChanged()
  }

  /** The operator only sees from now on. */
  takeBack(): void {
    if (this.#scopes.length > 1) this.#change(['view'], { type: 'scopes-changed', scopes: ['view'] })
  }

  /** The person was asked for more and allowed `added`: all of it, a part, or nothing. */
  answerFurther(answer: FurtherAnswer, added: readonly Scope[]): void {
    const scopes = [...new Set([...this.#scopes, ...added])]
    this.#change(scopes, { type: 'further-answered', answer, scopes })
  }

  /** Idempotent; nothing is called after it. */
  close(): void {
    this.#stopWatching()
  }

  #stopWatching(): void {
    this.#cancelWatchdog?.()
    this.#cancelWatchdog = undefined
  }

  #change(scopes: Scope[], event: Parameters<LiveRightsOptions['onEvent']>[0]): void {
    this.#scopes = scopes
    this.#options.tellHost({ type: 'set-scopes', scopes })
    this.#options.onEvent(event)
    this.#options.onChanged()
  }
}
