import { randomInt } from 'node:crypto'
import { WebSocket } from 'ws'
import type { RelayLinkState } from '#ipc/operator.ts'
import { clockSkewWords } from '#protocol/clock-skew.ts'
import { HandholdError } from '#protocol/errors.ts'
import { LINK_DEAD_AFTER_MS, SDP_FRAME_MAX_BYTES } from '#protocol/limits.ts'
import { reconnectDelayMs } from '#protocol/reconnect.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { FramedLink } from '#protocol/wire/link.ts'
import { type OperatorToRelay, type RelayToOperator, relayToOperatorSchema } from '#protocol/wire/operator.ts'
import { proxied } from './proxy.ts'

/** A relay's hello holds up to 500 sessions, far more than any other frame. */
const PAYLOAD_MAX_BYTES = 16 * SDP_FRAME_MAX_BYTES
const UNAUTHENTICATED_STATUS = 401

export interface OperatorSocketOptions {
  readonly origin: string
  readonly token: string
  readonly onMessage: (message: RelayToOperator) => void
  readonly onState: (state: RelayLinkState) => void
  /** The relay no longer takes the token: the operator has to sign in again. */
  readonly onUnauthenticated: () => void
  readonly random?: () => number
  readonly now?: () => number
}

type Link = FramedLink<RelayToOperator, OperatorToRelay>

/** The operator's one connection to the relay. Comes back by itself until `close`. */
export class OperatorSocket {
  readonly #options: OperatorSocketOptions
  #socket: WebSocket | undefined
  #link: Link | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #failedTries = 0
  #isClosed = false

  constructor(options: OperatorSocketOptions) {
    this.#options = options
    this.#connect()
  }

  /** Rejects with the relay's refusal, or `relay-unreachable` while there is no connection. */
  async request(message: OperatorToRelay): Promise<void> {
    if (!this.#link) throw unreachable(this.#options.origin)
    await this.#link.request(message)
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#retryTimer)
    this.#link?.closed()
    this.#socket?.close(CLOSE.normal)
    this.#options.onState({ name: 'offline' })
  }

  #connect(): void {
    this.#options.onState({ name: 'connecting' })
    const url = new URL('/v1/operator/socket', this.#options.origin)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${this.#options.token}` },
      maxPayload: PAYLOAD_MAX_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
      // Said here, because a variable of the environment could say otherwise.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      ...proxied(),
      handshakeTimeout: 10_000,
    })
    this.#socket = socket
    this.#follow(socket)
  }

  #follow(socket: WebSocket): void {
    const link: Link = new FramedLink({
      transport: { send: text => socket.send(text), close: (code, reason) => socket.close(code, reason) },
      incoming: relayToOperatorSchema,
      // The relay's first frame lists every session of the operator; all others are small.
      maxMessageBytes: PAYLOAD_MAX_BYTES,
      onMessage: message => this.#handle(message),
      setTimer: (run, delayMs) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    })
    const watchdog = new Watchdog(() => socket.terminate())
    socket.on('open', () => {
      this.#link = link
      watchdog.feed()
    })
    socket.on('ping', () => watchdog.feed())
    socket.on('message', (data, isBinary) => {
      watchdog.feed()
      if (isBinary) socket.close(CLOSE.badData)
      else link.receive(String(data))
    })
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      if (response.statusCode === UNAUTHENTICATED_STATUS) this.#handleUnauthenticated()
      else this.#handleLost(socket, link)
    })
    socket.on('error', () => this.#handleLost(socket, link))
    socket.on('close', code => {
      watchdog.stop()
      if (code === CLOSE.unauthenticated) this.#handleUnauthenticated()
      else this.#handleLost(socket, link)
    })
  }

  #handle(message: RelayToOperator): void {
    if (message.type === 'hello') {
      if (message.protocolVersion !== PROTOCOL_VERSION) {
        throw new HandholdError('protocol-version', 'The relay speaks another version. Update the app or the relay.')
      }
      this.#failedTries = 0
      const now = this.#options.now ?? Date.now
      this.#options.onState({ name: 'online', clock: clockSkewWords(message.serverTimeMs, now()) ?? null })
    }
    this.#options.onMessage(message)
  }

  #handleUnauthenticated(): void {
    if (this.#isClosed) return
    this.close()
    this.#options.onUnauthenticated()
  }

  #handleLost(socket: WebSocket, link: Link): void {
    // `error` and `close` both come for one loss; only the first counts.
    if (this.#isClosed || this.#socket !== socket) return
    this.#socket = undefined
    this.#link = undefined
    link.closed()
    const random = this.#options.random ?? randomFraction
    const now = this.#options.now ?? Date.now
    const delayMs = reconnectDelayMs({ failedTries: this.#failedTries++, random: random() })
    this.#options.onState({
      name: 'interrupted',
      message: unreachable(this.#options.origin).message,
      retryAtMs: now() + delayMs,
    })
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs)
  }
}

/** A half-open connection says nothing; the relay pings every 25 s, so a minute of silence is the end. */
class Watchdog {
  readonly #onSilence: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(onSilence: () => void) {
    this.#onSilence = onSilence
  }

  feed(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#onSilence, LINK_DEAD_AFTER_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}

const unreachable = (origin: string) =>
  new HandholdError('relay-unreachable', `There is no connection to the relay at ${origin}. It comes back by itself.`)

const randomFraction = (): number => randomInt(2 ** 32) / 2 ** 32
