import { WebSocket } from 'ws'
import { HandholdError } from '#protocol/errors.ts'
import { HELLO_TIMEOUT_MS, LINK_DEAD_AFTER_MS, PING_INTERVAL_MS, SDP_FRAME_MAX_BYTES } from '#protocol/limits.ts'
import { PROTOCOL_VERSION } from '#protocol/version.ts'
import { type AgentToRelay, type RelayToAgent, relayToAgentSchema } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { FramedLink } from '#protocol/wire/link.ts'
import { proxyAgent, proxyProblem } from '../../../reach/proxy.ts'
import type { Clock } from '../../links/clock.ts'

type AgentHello = Extract<AgentToRelay, { type: 'agent.hello' }>
/** What the relay says to a device that it has welcomed. */
export type Ordered = Extract<
  RelayToAgent,
  {
    type:
      | `session.${string}`
      | `script.${string}`
      | 'unattended.allow'
      | 'device.wake'
      | 'help.changed'
      | 'organisation.order'
      | 'keys.changed'
  }
>

export interface RelayConnectionOptions {
  readonly relayUrl: string
  /** The only way there, where one is configured. */
  readonly proxy?: string | undefined
  readonly clock: Clock
  /** The answer to the relay's hello; `nonce` is to be signed. */
  readonly makeHello: (nonce: string) => Promise<AgentHello>
  /** The relay knows this device now. `hello` is what it was told. What the relay says next waits until it is done. */
  readonly onWelcome: (hello: AgentHello, welcome: Extract<RelayToAgent, { type: 'welcome' }>) => void | Promise<void>
  /** What the relay's clock says, by its hello. */
  readonly onRelayTime: (relayMs: number) => void
  /** The relay knows this device and waits for an administrator's approval. */
  readonly onStandby: () => void
  readonly onMessage: (message: Ordered) => Promise<void>
  /** The relay sent something that broke the protocol, or a handler failed. */
  readonly onProblem: (thrown: unknown) => void
  /** Called once; nothing is called after it. */
  readonly onClosed: (end: ConnectionEnd) => void
}

export interface ConnectionEnd {
  /** WebSocket close code; 1006 when there was no goodbye. */
  readonly code: number
  /** What happened, for the log. */
  readonly why: string
  /** Whether it was the relay's word: its certificate was checked (or it is on this machine), and it had been told which device this is. */
  readonly isAuthentic: boolean
  /** What the relay asked for before the next try. */
  readonly retryAfterMs?: number
}

/** One socket to the relay, from the dial to the end. Outbound only; nothing listens. */
export class RelayConnection {
  readonly #options: RelayConnectionOptions
  readonly #socket: WebSocket
  readonly #link: FramedLink<RelayToAgent, AgentToRelay>
  #hello: AgentHello | undefined
  #isWelcome = false
  #isClosed = false
  #why = 'the connection was closed'
  #retryAfterMs: number | undefined
  #cancelHelloTimer: (() => void) | undefined
  #cancelSilenceTimer: (() => void) | undefined

  constructor(options: RelayConnectionOptions) {
    this.#options = options
    const url = new URL('/v1/agent/socket', options.relayUrl)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    this.#socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: SDP_FRAME_MAX_BYTES,
      ...(options.proxy !== undefined && { agent: proxyAgent(options.proxy) }),
      handshakeTimeout: HELLO_TIMEOUT_MS * 2,
      followRedirects: false,
      // Said here, because a variable of the environment could say otherwise.
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    })
    this.#link = new FramedLink<RelayToAgent, AgentToRelay>({
      transport: {
        send: text => this.#socket.readyState === WebSocket.OPEN && this.#socket.send(text),
        close: (code, reason) => this.#socket.close(code, reason),
      },
      incoming: relayToAgentSchema,
      onMessage: message => this.#handle(message),
      onViolation: error => this.#options.onProblem(error),
      onHandlerError: thrown => this.#options.onProblem(thrown),
      setTimer: options.clock.setTimer,
    })
    this.#listen()
  }

  get isWelcome(): boolean {
    return this.#isWelcome && !this.#isClosed
  }

  /** Returns false when the relay isn't there to take it. */
  send(message: AgentToRelay): boolean {
    if (!this.#isWelcome || this.#isClosed || this.#socket.readyState !== WebSocket.OPEN) return false
    this.#link.request(message).catch(thrown => {
      if (!(thrown instanceof HandholdError && thrown.code === 'link-closed')) this.#options.onProblem(thrown)
    })
    return true
  }

  /** Resolves when the relay acknowledged it; rejects with its refusal, `timeout` or `link-closed`. */
  async request(message: AgentToRelay): Promise<void> {
    if (!this.#isWelcome || this.#isClosed) throw new HandholdError('link-closed', 'The relay is not connected.')
    await this.#link.request(message)
  }

  /** Idempotent. */
  close(code: number = CLOSE.goingAway, reason = 'stopping'): void {
    if (this.#isClosed) return
    this.#why = reason
    this.#socket.close(code, reason)
  }

  /** Drops the socket without a goodbye. */
  terminate(why: string): void {
    this.#why = why
    this.#socket.terminate()
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('open', () => {
      this.#cancelHelloTimer = this.#options.clock.setTimer(
        () => this.terminate('the relay did not greet in time'),
        HELLO_TIMEOUT_MS,
      )
      this.#heard()
    })
    socket.on('message', (data, isBinary) => {
      this.#heard()
      if (isBinary) this.#link.violate(new HandholdError('bad-frame', 'Frames are text.'))
      else this.#link.receive(String(data))
    })
    socket.on('ping', () => this.#heard())
    socket.on('pong', () => this.#heard())
    socket.on('error', error => {
      this.#why = proxyProblem(error) ?? error.message
    })
    socket.on('unexpected-response', (request, response) => {
      this.#why = `the relay answered ${response.statusCode}`
      const seconds = Number(response.headers['retry-after'])
      if (Number.isFinite(seconds) && seconds > 0) this.#retryAfterMs = seconds * 1000
      request.destroy()
      this.#closed(1006)
    })
    socket.on('close', (code, reason) => this.#closed(code, String(reason)))
  }

  async #handle(message: RelayToAgent): Promise<void> {
    if (message.type === 'hello') return this.#greet(message)
    if (message.type === 'welcome') return this.#welcome(message)
    if (message.type === 'presence.check') return
    if (message.type === 'standby') return this.#standBy()
    if (!this.#isWelcome) throw new HandholdError('forbidden', 'The agent has not been welcomed yet.')
    await this.#options.onMessage(message)
  }

  async #greet(message: Extract<RelayToAgent, { type: 'hello' }>): Promise<void> {
    if (this.#hello) throw new HandholdError('bad-request', 'A second hello.')
    this.#cancelHelloTimer?.()
    if (message.protocolVersion !== PROTOCOL_VERSION) {
      this.#why = `the relay speaks protocol ${message.protocolVersion}, this agent ${PROTOCOL_VERSION}: update the older one`
      this.#socket.close(CLOSE.protocolError, 'protocol-version')
      return
    }
    this.#options.onRelayTime(message.serverTimeMs)
    const hello = await this.#options.makeHello(message.nonce)
    this.#hello = hello
    // Not awaited: its answer may come after the welcome, and messages are handled one after the other.
    this.#link.request(hello).catch(thrown => {
      if (!this.#isClosed) this.#options.onProblem(thrown)
    })
  }

  async #welcome(message: Extract<RelayToAgent, { type: 'welcome' }>): Promise<void> {
    if (!this.#hello || this.#isWelcome) throw new HandholdError('bad-request', 'A welcome without a hello.')
    this.#isWelcome = true
    await this.#options.onWelcome(this.#hello, message)
  }

  #standBy(): void {
    if (!this.#hello || this.#isWelcome) throw new HandholdError('bad-request', 'A standby without a hello.')
    this.#options.onStandby()
  }

  /** Any traffic shows that the relay lives. Silence is first asked about and then believed. */
  #heard(): void {
    this.#cancelSilenceTimer?.()
    const { clock } = this.#options
    this.#cancelSilenceTimer = clock.setTimer(() => {
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping()
      this.#cancelSilenceTimer = clock.setTimer(
        () => this.terminate('nothing was heard from the relay for a minute'),
        LINK_DEAD_AFTER_MS - PING_INTERVAL_MS - 5_000,
      )
    }, PING_INTERVAL_MS + 5_000)
  }

  #closed(code: number, reason = ''): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelHelloTimer?.()
    this.#cancelSilenceTimer?.()
    this.#link.closed()
    const why = reason === '' ? this.#why : reason
    this.#options.onClosed({
      code,
      why,
      isAuthentic: this.#hello !== undefined && isPrivate(new URL(this.#options.relayUrl)),
      ...(this.#retryAfterMs === undefined ? {} : { retryAfterMs: this.#retryAfterMs }),
    })
  }
}

/** Nobody between the relay and this device can speak for it. */
const isPrivate = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname)
