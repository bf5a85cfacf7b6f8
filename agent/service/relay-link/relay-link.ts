import { clockSkewWords } from '#protocol/clock-skew.ts'
import { HandholdError } from '#protocol/errors.ts'
import { RECONNECT_CAP_MS } from '#protocol/limits.ts'
import { reconnectDelayMs } from '#protocol/reconnect.ts'
import type { AgentToRelay } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import type { Logger } from '../log.ts'
import { type ConnectionEnd, RelayConnection, type RelayConnectionOptions } from './connection.ts'

export interface RelayLinkOptions extends Omit<RelayConnectionOptions, 'onClosed' | 'onStandby' | 'onRelayTime'> {
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** The organisation removed this device; no further try is made. */
  readonly onRemoved: () => void
  /** The relay cut this device off until an administrator releases it; the link goes on trying, slowly. */
  readonly onQuarantined: () => void
}

/** A connection to the relay that comes back by itself. While it is away nothing is kept for it. */
export class RelayLink {
  readonly #options: RelayLinkOptions
  #connection: RelayConnection | undefined
  #failedTries = 0
  #cancelRetry: (() => void) | undefined
  #isStopped = false

  constructor(options: RelayLinkOptions) {
    this.#options = options
  }

  start(): void {
    if (!this.#isStopped) this.#dial()
  }

  /** Returns false when the relay isn't there to take it. */
  send(message: AgentToRelay): boolean {
    return this.#connection?.send(message) ?? false
  }

  get isConnected(): boolean {
    return this.#connection?.isWelcome ?? false
  }

  /** Resolves when the relay acknowledged it; rejects with its refusal, `timeout` or `link-closed`. */
  async request(message: AgentToRelay): Promise<void> {
    if (!this.#connection) throw new HandholdError('link-closed', 'The relay is not connected.')
    await this.#connection.request(message)
  }

  /** Says goodbye and dials no more. Idempotent. */
  stop(): void {
    this.#isStopped = true
    this.#cancelRetry?.()
    this.#connection?.close()
  }

  #dial(): void {
    const { log, clock, onWelcome } = this.#options
    this.#connection = new RelayConnection({
      ...this.#options,
      onWelcome: (hello, welcome) => {
        this.#failedTries = 0
        log.info('the relay is connected')
        return onWelcome(hello, welcome)
      },
      onRelayTime: relayMs => {
        const words = clockSkewWords(relayMs, clock.wallMs())
        if (words) log.warn(words)
      },
      onStandby: () => log.warn('This device waits for the approval of an administrator.'),
      onClosed: end => this.#handleClosed(end),
    })
  }

  #handleClosed(end: ConnectionEnd): void {
    const { log, clock, onRemoved, onQuarantined } = this.#options
    this.#connection = undefined
    if (this.#isStopped) return
    if (end.code === CLOSE.removed && end.isAuthentic) {
      this.#isStopped = true
      onRemoved()
      return
    }
    if (end.code === CLOSE.quarantined && end.isAuthentic) onQuarantined()
    if (end.code === CLOSE.approved) this.#failedTries = 0
    const delayMs = this.#delayMs(end)
    this.#failedTries++
    const advice = ADVICE.get(end.code)
    if (advice) log.error({ code: end.code, delayMs }, advice)
    else log.warn({ code: end.code, why: end.why, delayMs }, 'the relay is not connected')
    this.#cancelRetry = clock.setTimer(() => this.#dial(), delayMs)
  }

  #delayMs(end: ConnectionEnd): number {
    // A refusal doesn't pass by itself: asking soon again would only be load.
    const relayHintMs = ADVICE.has(end.code) ? RECONNECT_CAP_MS : end.retryAfterMs
    const input = { failedTries: this.#failedTries, random: this.#options.random() }
    return reconnectDelayMs(relayHintMs === undefined ? input : { ...input, relayHintMs })
  }
}

const ADVICE = new Map<number, string>([
  [
    CLOSE.unauthenticated,
    'The relay does not accept this device. Ask an administrator whether it is still enrolled; to enrol it again, remove the state directory and set a new enrolment token.',
  ],
  [
    CLOSE.removed,
    'The relay says that this device was removed, but over a connection that anybody could have answered. Nothing is wiped; use https.',
  ],
  [
    CLOSE.quarantined,
    'This device is quarantined: it takes no sessions until an administrator releases it. The message before this one says why.',
  ],
  [CLOSE.forbidden, 'The relay refuses this device. Ask an administrator whether it is quarantined.'],
  [
    CLOSE.replaced,
    'Another agent is connected with the key of this device. If this is a copy of a machine, remove the state directory and enrol it again.',
  ],
])
