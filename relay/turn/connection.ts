import type { Socket } from 'node:net'
import {
  TURN_ALLOCATE_WITHIN_MS,
  TURN_BACKLOG_MAX_BYTES,
  TURN_FRAME_MAX_BYTES,
  TURN_REQUEST_BURST,
  TURN_REQUESTS_PER_SECOND,
} from '#protocol/limits.ts'
import { TokenBucket } from '#protocol/token-bucket.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import type { Allocation } from './allocation.ts'
import { answerRequest, TurnRefusal } from './requests.ts'
import type { Holder } from './room.ts'
import { errorCode, readXorAddress, text, xorAddress } from './stun/attributes.ts'
import { channelData, type Frame, FrameSplitter, NotTurn } from './stun/frames.ts'
import { isSignedWith, signedMessage } from './stun/integrity.ts'
import {
  ATTRIBUTE,
  type Attribute,
  CLASS,
  encodeMessage,
  METHOD,
  parseMessage,
  type StunMessage,
} from './stun/message.ts'

export const REALM = 'handhold'
/** Requests that don't end in an allocation: the first is answered with what the second needs. */
const REFUSALS_MAX = 8
/** What was said last may still reach a client that reads. */
const FAREWELL_MS = 500
const NO_TRANSACTION = Buffer.alloc(12)

export interface TurnConnectionOptions {
  readonly socket: Socket
  readonly clock: Clock
  readonly log: Log
  /** Of this connection alone: what was signed for another one is worth nothing here. */
  readonly nonce: string
  readonly findHolder: (username: string) => Holder | undefined
  /** It has an allocation, so its session's limits count from here on. */
  readonly onAllocated: () => void
  readonly onClosed: () => void
}

/** One client's TCP connection: at most one allocation, which ends with it. */
export class TurnConnection {
  readonly #options: TurnConnectionOptions
  readonly #splitter = new FrameSplitter(TURN_FRAME_MAX_BYTES)
  readonly #requests: TokenBucket
  #holder: Holder | undefined
  #allocation: Allocation | undefined
  #refusals = 0
  #cancelDeadline: () => void
  #cancelResume: () => void = () => undefined

  constructor(options: TurnConnectionOptions) {
    this.#options = options
    const { socket, clock, onClosed } = options
    this.#requests = new TokenBucket(TURN_REQUESTS_PER_SECOND, TURN_REQUEST_BURST, clock.nowMs())
    this.#cancelDeadline = clock.setTimer(() => socket.destroy(), TURN_ALLOCATE_WITHIN_MS)
    socket.setNoDelay(true)
    socket.on('data', chunk => this.#read(chunk))
    // A half that is closed is of no use to anybody.
    socket.on('end', () => socket.destroy())
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#cancelResume()
      this.#allocation?.close()
      this.#cancelDeadline()
      onClosed()
    })
  }

  /** Idempotent. */
  close(): void {
    this.#options.socket.destroy()
  }

  #read(chunk: Buffer): void {
    const { socket } = this.#options
    try {
      for (const frame of this.#splitter.push(chunk)) {
        if (socket.destroyed) return
        this.#handle(frame)
      }
      this.#throttle(chunk.length)
    } catch (thrown) {
      socket.destroy()
      if (!(thrown instanceof NotTurn)) this.#options.log.error({ err: thrown }, 'A TURN connection failed')
    }
  }

  /** Whoever sends more than their share isn't read for as long as it takes to be within it again. */
  #throttle(bytes: number): void {
    const { socket, clock } = this.#options
    const flow = this.#holder?.room.flowOf(this.#holder.side)
    if (!flow || flow.take(clock.nowMs(), bytes) >= 0) return
    socket.pause()
    this.#cancelResume = clock.setTimer(() => socket.resume(), flow.waitMs(0, clock.nowMs()))
  }

  #handle(frame: Frame): void {
    if (frame.kind === 'channel') this.#allocation?.sendOnChannel(frame.channel, frame.data)
    else this.#handleMessage(parseMessage(frame.bytes))
  }

  #handleMessage(message: StunMessage | undefined): void {
    if (!message) throw new NotTurn('not a STUN message')
    if (message.class === CLASS.request) this.#handleRequest(message)
    else if (message.class === CLASS.indication && message.method === METHOD.send) this.#handleSend(message)
    // Answers are nothing that a client has to give.
  }

  #handleSend({ attributes }: StunMessage): void {
    const peer = readXorAddress(attributes.get(ATTRIBUTE.xorPeerAddress))
    const data = attributes.get(ATTRIBUTE.data)
    if (data && peer && peer.ip === this.#holder?.room.ip) this.#allocation?.send(peer.port, data)
  }

  #handleRequest(message: StunMessage): void {
    if (this.#requests.take(this.#options.clock.nowMs()) < 0) throw new NotTurn('too many requests')
    const holder = this.#identify(message)
    if (!holder) return
    try {
      this.#reply(message, CLASS.success, this.#answer(message, holder), holder.key)
    } catch (thrown) {
      if (!(thrown instanceof TurnRefusal)) throw thrown
      const { code, message: reason, attributes } = thrown
      this.#refused()
      // What is expired is answered as what was never there.
      if (code === 401) this.#challenge(message, 401, reason)
      else this.#reply(message, CLASS.error, [errorCode(code, reason), ...attributes], holder.key)
    }
  }

  /** The holder of the credential that the request is rightly signed with; undefined once anything else was answered. */
  #identify(message: StunMessage): Holder | undefined {
    const { attributes } = message
    const username = attributes.get(ATTRIBUTE.username)?.toString('utf8')
    if (message.integrityAt === undefined || username === undefined)
      return this.#challenge(message, 401, 'Unauthorized')
    const holder = this.#holder ?? this.#options.findHolder(username)
    const isItsName = this.#holder === undefined || this.#options.findHolder(username) === this.#holder
    if (!holder || !isItsName || !isSignedWith(message, holder.key))
      return this.#challenge(message, 401, 'Unauthorized')
    if (attributes.get(ATTRIBUTE.nonce)?.toString('utf8') !== this.#options.nonce)
      return this.#challenge(message, 438, 'Stale Nonce')
    return holder
  }

  #answer(message: StunMessage, holder: Holder): readonly Attribute[] {
    const { clock, socket, onAllocated } = this.#options
    const end = () => {
      socket.end()
      this.#cancelDeadline = clock.setTimer(() => socket.destroy(), FAREWELL_MS)
    }
    return answerRequest(message, {
      holder,
      clock,
      client: { ip: ipv4Of(socket.remoteAddress), port: socket.remotePort ?? 0 },
      allocation: this.#allocation,
      toClient: (fromPort, channel, data) => this.#toClient(fromPort, channel, data),
      onClosed: end,
      onAllocated: allocation => {
        this.#holder = holder
        this.#allocation = allocation
        this.#cancelDeadline()
        onAllocated()
      },
    })
  }

  #toClient(fromPort: number, channel: number | undefined, data: Buffer): void {
    const { socket } = this.#options
    const ip = this.#holder?.room.ip
    if (ip === undefined || socket.writableLength > TURN_BACKLOG_MAX_BYTES) return
    if (channel !== undefined) return void socket.write(channelData(channel, data))
    const attributes: Attribute[] = [
      xorAddress(ATTRIBUTE.xorPeerAddress, { ip, port: fromPort }),
      [ATTRIBUTE.data, data],
    ]
    const head = { method: METHOD.data, class: CLASS.indication, transactionId: NO_TRANSACTION }
    socket.write(encodeMessage(head, attributes))
  }

  #challenge(message: StunMessage, code: number, reason: string): undefined {
    this.#refused()
    const attributes = [
      errorCode(code, reason),
      text(ATTRIBUTE.realm, REALM),
      text(ATTRIBUTE.nonce, this.#options.nonce),
    ]
    const { method, transactionId } = message
    this.#options.socket.write(encodeMessage({ method, class: CLASS.error, transactionId }, attributes))
  }

  #reply(
    { method, transactionId }: StunMessage,
    kind: number,
    attributes: readonly Attribute[],
    key: Uint8Array,
  ): void {
    this.#options.socket.write(signedMessage({ method, class: kind, transactionId }, attributes, key))
  }

  #refused(): void {
    if (!this.#allocation && ++this.#refusals > REFUSALS_MAX) throw new NotTurn('nothing was right')
  }
}

/** The protocol's answer has to name one; over IPv6 there is none to name. */
const ipv4Of = (address = ''): string => {
  const text = address.replace(/^::ffff:/, '')
  return /^\d+\.\d+\.\d+\.\d+$/.test(text) ? text : '0.0.0.0'
}
