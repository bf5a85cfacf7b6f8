import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { Clock } from '../../links/clock.ts'
import type { ServiceToHost } from '../../links/host-link.ts'

/** A host that doesn't say in this time that it paused isn't trusted to have done it. Above the 250 ms that it has, so that a busy machine doesn't lose sessions. */
const PAUSE_CONFIRMED_WITHIN_MS = 3_000

type RightsMessage = Extract<ServiceToHost, { type: 'set-paused' | 'set-scopes' }>

export interface LiveRightsOptions {
  readonly clock: Clock
  readonly granted: readonly Scope[]
  readonly tellHost: (message: RightsMessage) => void
  /** For the session's machine. */
  readonly onEvent: (event: Extract<SessionEvent, { type: 'paused' | 'resumed' | 'scopes-changed' }>) => void
  /** The banner has something new to say. */
  readonly onChanged: () => void
  /** The host doesn't obey: the session has to end. */
  readonly onDisobeyed: () => void
}

/** What the person allows while a session lives: they pause it, take control back, and allow more. Whatever comes, the host is told first. */
export class LiveRights {
  readonly #options: LiveRightsOptions
  #scopes: readonly Scope[]
  #isPaused = false
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
    return this.#isPaused
  }

  /** What the person may be told: a pause is one when the host has said so, after its last frame and its last input. */
  get isPauseInForce(): boolean {
    return this.#isPauseInForce
  }

  setPaused(isPaused: boolean): void {
    if (isPaused === this.#isPaused) return
    const { clock, tellHost, onEvent, onChanged, onDisobeyed } = this.#options
    this.#isPaused = isPaused
    this.#isPauseInForce = false
    tellHost({ type: 'set-paused', paused: isPaused })
    this.#cancelWatchdog?.()
    if (isPaused) this.#cancelWatchdog = clock.setTimer(onDisobeyed, PAUSE_CONFIRMED_WITHIN_MS)
    onEvent(isPaused ? { type: 'paused', by: 'user' } : { type: 'resumed' })
    if (!isPaused) onChanged()
  }

  /** The host says that it is paused. */
  confirmPaused(): void {
    this.#stopWatching()
    if (!this.#isPaused || this.#isPauseInForce) return
    this.#isPauseInForce = true
    this.#options.onChanged()
  }

  /** The operator only sees from now on. */
  takeBack(): void {
    if (this.#scopes.length > 1) this.#change(['view'])
  }

  /** The person allowed more. */
  add(scopes: readonly Scope[]): void {
    this.#change([...new Set([...this.#scopes, ...scopes])])
  }

  /** Idempotent; nothing is called after it. */
  close(): void {
    this.#stopWatching()
  }

  #stopWatching(): void {
    this.#cancelWatchdog?.()
    this.#cancelWatchdog = undefined
  }

  #change(scopes: Scope[]): void {
    this.#scopes = scopes
    this.#options.tellHost({ type: 'set-scopes', scopes })
    this.#options.onEvent({ type: 'scopes-changed', scopes })
    this.#options.onChanged()
  }
}
