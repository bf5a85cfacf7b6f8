import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TurnCredential } from '#protocol/wire/paths.ts'
import { type Endpoint, readErrorCode, readXorAddress, uint32, xorAddress } from '../relay/turn/stun/attributes.ts'
import { channelData, FrameSplitter } from '../relay/turn/stun/frames.ts'
import { keyOf, signedMessage } from '../relay/turn/stun/integrity.ts'
import {
  ATTRIBUTE,
  type Attribute,
  CLASS,
  encodeMessage,
  METHOD,
  parseMessage,
  type StunMessage,
} from '../relay/turn/stun/message.ts'

export const UDP_TRANSPORT: Attribute = uint32(ATTRIBUTE.requestedTransport, 17 * 2 ** 24)

/** What came from the session's other end. */
export interface ReceivedData {
  readonly from: Endpoint | number
  readonly data: string
}

/** One client of the relay's TURN over a real connection. It says exactly what a test wants said, right or wrong. */
export class TurnClient {
  readonly socket: Socket
  readonly closed: Promise<void>
  readonly received: ReceivedData[] = []
  #key: Buffer | undefined
  #signs: readonly Attribute[] = []
  readonly #answers: StunMessage[] = []
  readonly #waiting = new Set<() => void>()

  private constructor(socket: Socket) {
    this.socket = socket
    const splitter = new FrameSplitter(64 * 1024)
    this.closed = new Promise(resolve => socket.once('close', () => resolve()))
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      for (const frame of splitter.push(chunk)) {
        const message = frame.kind === 'message' ? parseMessage(frame.bytes) : undefined
        if (frame.kind === 'channel') this.received.push({ from: frame.channel, data: frame.data.toString() })
        else if (message?.method === METHOD.data) this.#takeData(message)
        else if (message) this.#answers.push(message)
      }
      this.#notify()
    })
    socket.once('close', () => this.#notify())
  }

  /** `how` is `plain` for TURN without TLS at an address that has it. */
  static open(relayUrl: string, how: 'as its address says' | 'plain' = 'as its address says'): Promise<TurnClient> {
    const { protocol, hostname: host, port: digits } = new URL(relayUrl)
    const port = Number(digits)
    return new Promise((resolve, reject) => {
      const isTls = protocol === 'https:' && how !== 'plain'
      const made: Socket = isTls
        ? connectTls({ host, port, rejectUnauthorized: false }, () => resolve(new TurnClient(made)))
        : connect({ host, port }, () => resolve(new TurnClient(made)))
      made.once('error', reject)
    })
  }

  /** Resolves with the code of the refusal, or 0. */
  async allocate(credential: TurnCredential, attributes: readonly Attribute[] = [UDP_TRANSPORT]): Promise<number> {
    await this.challenge(credential)
    return this.ask(METHOD.allocate, attributes)
  }

  /** Asks unsigned, and signs from then on by what the relay says. */
  async challenge({ username, password }: TurnCredential): Promise<void> {
    this.#key = undefined
    this.#signs = []
    const { attributes } = await this.request(METHOD.allocate, [UDP_TRANSPORT])
    const realm = attributes.get(ATTRIBUTE.realm) ?? Buffer.alloc(0)
    const nonce = attributes.get(ATTRIBUTE.nonce) ?? Buffer.alloc(0)
    this.#key = keyOf(username, realm.toString(), password)
    this.#signs = [
      [ATTRIBUTE.username, Buffer.from(username)],
      [ATTRIBUTE.realm, realm],
      [ATTRIBUTE.nonce, nonce],
    ]
  }

  /** Signs as another connection does. */
  signLike(other: TurnClient): void {
    this.#key = other.#key
    this.#signs = other.#signs
  }

  async ask(method: number, attributes: readonly Attribute[]): Promise<number> {
    const answer = await this.request(method, attributes)
    return readErrorCode(answer.attributes.get(ATTRIBUTE.errorCode)) ?? 0
  }

  /** Rejects when the relay closes instead. */
  async request(method: number, attributes: readonly Attribute[]): Promise<StunMessage> {
    const transactionId = randomBytes(12)
    const head = { method, class: CLASS.request, transactionId }
    const all = [...this.#signs, ...attributes]
    this.socket.write(this.#key ? signedMessage(head, all, this.#key) : encodeMessage(head, all))
    return this.#when(() => this.#answers.find(answer => answer.transactionId.equals(transactionId)))
  }

  /** Allocates and returns the relayed address. */
  async relayed(credential: TurnCredential): Promise<Endpoint> {
    await this.challenge(credential)
    const { attributes } = await this.request(METHOD.allocate, [UDP_TRANSPORT])
    const endpoint = readXorAddress(attributes.get(ATTRIBUTE.xorRelayedAddress))
    if (!endpoint) throw new Error(`refused with ${readErrorCode(attributes.get(ATTRIBUTE.errorCode))}`)
    return endpoint
  }

  permit(peer: Endpoint): Promise<number> {
    return this.ask(METHOD.createPermission, [xorAddress(ATTRIBUTE.xorPeerAddress, peer)])
  }

  bind(channel: number, peer: Endpoint): Promise<number> {
    const number = uint32(ATTRIBUTE.channelNumber, channel * 2 ** 16)
    return this.ask(METHOD.channelBind, [number, xorAddress(ATTRIBUTE.xorPeerAddress, peer)])
  }

  send(peer: Endpoint, data: string): void {
    const attributes: Attribute[] = [xorAddress(ATTRIBUTE.xorPeerAddress, peer), [ATTRIBUTE.data, Buffer.from(data)]]
    const head = { method: METHOD.send, class: CLASS.indication, transactionId: randomBytes(12) }
    this.socket.write(encodeMessage(head, attributes))
  }

  sendOn(channel: number, data: string | Buffer): void {
    this.socket.write(channelData(channel, Buffer.from(data)))
  }

  /** The next that came, or the first that fits. */
  data(text: string): Promise<ReceivedData> {
    return this.#when(() => this.received.find(({ data }) => data === text))
  }

  async close(): Promise<void> {
    this.socket.destroy()
    await this.closed
  }

  #takeData({ attributes }: StunMessage): void {
    const from = readXorAddress(attributes.get(ATTRIBUTE.xorPeerAddress))
    if (from) this.received.push({ from, data: attributes.get(ATTRIBUTE.data)?.toString() ?? '' })
  }

  #notify(): void {
    for (const check of [...this.#waiting]) check()
  }

  #when<T>(read: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const value = read()
        if (value === undefined && !this.socket.destroyed) return
        this.#waiting.delete(check)
        if (value === undefined) reject(new Error('the relay closed the connection'))
        else resolve(value)
      }
      this.#waiting.add(check)
      check()
    })
  }
}
