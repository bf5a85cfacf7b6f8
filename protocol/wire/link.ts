import { z } from 'zod'
import { HandholdError, toWireError, type WireError } from '../errors.ts'
import { ACK_TIMEOUT_MS, FRAME_MAX_BYTES, SDP_FRAME_MAX_BYTES } from '../limits.ts'
import { type Answer, answerSchema, CLOSE, frameIdSchema } from './envelope.ts'

interface Message {
  readonly type: string
}

/** What a link needs of a socket. */
export interface LinkTransport {
  send(text: string): void
  /** May be called more than once. */
  close(code: number, reason: string): void
}

export interface LinkOptions<In extends Message> {
  readonly transport: LinkTransport
  readonly incoming: z.ZodType<In>
  /** Handles one message; what it throws is answered as an error. Messages of a lane are handled in their order. */
  readonly onMessage: (message: In) => void | Promise<void>
  /** The peer broke the protocol and the link is being closed with this refusal. */
  readonly onViolation?: (error: HandholdError) => void
  /** A handler threw; the peer has been told no more than `toWireError` allows. */
  readonly onHandlerError?: (thrown: unknown, message: In) => void
  /** Messages of one lane are handled one after the other, those of two side by side; by default there is one. */
  readonly laneOf?: (message: In) => string
  /** Bytes of messages that came and aren't handled; a peer that sends more is given up. For peers that aren't trusted. */
  readonly unhandledMaxBytes?: number
  /** For a trusted peer whose messages may be larger than N3 allows; frames are then bounded by this alone. */
  readonly maxMessageBytes?: number
  readonly setTimer: (run: () => void, delayMs: number) => () => void
}

interface Waiting {
  resolve(): void
  reject(error: HandholdError): void
  cancelTimer(): void
}

/** What a short message takes beside its text, so that many of them count too. */
const MESSAGE_COST_BYTES = 1_024

const idSchema = z.object({ id: frameIdSchema })
/** An SDP; and an order with its script, which goes to a device only. */
const LARGE_TYPES = new Set(['session.signal', 'script.run'])
const ANSWER_TYPES = new Set(['ack', 'error'])

/**
 * Typed messages with ids and answers over one socket. Feed it every text frame with `receive`; tell it the end with `closed`.
 * A frame that breaks the protocol closes the link with a named refusal; a message that is merely refused doesn't.
 */
export class FramedLink<In extends Message, Out extends Message> {
  readonly #options: LinkOptions<In>
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #isClosed = false
  /** The end of what is handled in each lane that has something. */
  readonly #lanes = new Map<string, Promise<void>>()
  #unhandledBytes = 0

  constructor(options: LinkOptions<In>) {
    this.#options = options
  }

  /** Resolves when the peer acknowledged; rejects with its refusal, `timeout` after 10 s, or `link-closed`. */
  request(message: Out): Promise<void> {
    if (this.#isClosed) return Promise.reject(linkClosed())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const cancelTimer = this.#options.setTimer(() => this.#settle(id, timedOut(message.type)), ACK_TIMEOUT_MS)
      this.#waiting.set(id, { resolve, reject, cancelTimer })
      this.#options.transport.send(JSON.stringify({ ...message, id }))
    })
  }

  /** Sends a message whose answer nobody waits for; safe after the end. */
  notify(message: Out): void {
    this.request(message).catch(() => undefined)
  }

  /** Resolves when everything that came until now has been handled. Never to be awaited by what handles a message of this link. */
  async handled(): Promise<void> {
    await Promise.all(this.#lanes.values())
  }

  /** One text frame from the socket. */
  receive(text: string): void {
    if (this.#isClosed) return
    const parsed = this.#parse(text)
    if (!parsed) return
    if (parsed.kind === 'answer') this.#handleAnswer(parsed.answer)
    else this.#take(parsed.id, parsed.message, text.length + MESSAGE_COST_BYTES)
  }

  /** The socket is gone: every waiting request is rejected. May be called more than once. */
  closed(): void {
    this.#isClosed = true
    for (const id of [...this.#waiting.keys()]) this.#settle(id, linkClosed())
  }

  /** Closes the socket because the peer broke the protocol. */
  violate(error: HandholdError, closeCode: number = CLOSE.badData): void {
    if (this.#isClosed) return
    this.#answerError(null, error.toWire())
    this.#options.onViolation?.(error)
    this.closed()
    this.#options.transport.close(closeCode, error.code)
  }

  #parse(text: string): { kind: 'answer'; answer: Answer } | { kind: 'message'; id: number; message: In } | undefined {
    const maxBytes = this.#options.maxMessageBytes
    if (text.length > (maxBytes ?? SDP_FRAME_MAX_BYTES)) return this.#violateFrame('frame-too-large', CLOSE.tooBig)
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return this.#violateFrame('bad-frame')
    }
    const type = typeOf(value)
    if (maxBytes === undefined && text.length > FRAME_MAX_BYTES && !LARGE_TYPES.has(type))
      return this.#violateFrame('frame-too-large', CLOSE.tooBig)
    if (ANSWER_TYPES.has(type)) {
      const answer = answerSchema.safeParse(value)
      return answer.success ? { kind: 'answer', answer: answer.data } : this.#violateFrame('bad-frame')
    }
    const id = idSchema.safeParse(value)
    const message = this.#options.incoming.safeParse(value)
    if (!id.success || !message.success) return this.#violateFrame('bad-frame')
    return { kind: 'message', id: id.data.id, message: message.data }
  }

  #violateFrame(code: 'bad-frame' | 'frame-too-large', closeCode?: number): undefined {
    const text = code === 'bad-frame' ? 'The frame is not a message of this protocol.' : 'The frame is too large.'
    this.violate(new HandholdError(code, text), closeCode)
  }

  #take(id: number, message: In, costBytes: number): void {
    const { laneOf, unhandledMaxBytes = Number.POSITIVE_INFINITY } = this.#options
    if (this.#unhandledBytes + costBytes > unhandledMaxBytes) {
      this.violate(tooMuch(), CLOSE.rateLimited)
      return
    }
    this.#unhandledBytes += costBytes
    const lane = laneOf?.(message) ?? ''
    const before = this.#lanes.get(lane) ?? Promise.resolve()
    const handled = before.then(async () => {
      await this.#dispatch(id, message)
      this.#unhandledBytes -= costBytes
      if (this.#lanes.get(lane) === handled) this.#lanes.delete(lane)
    })
    this.#lanes.set(lane, handled)
  }

  async #dispatch(id: number, message: In): Promise<void> {
    if (this.#isClosed) return
    try {
      await this.#options.onMessage(message)
      if (!this.#isClosed) this.#options.transport.send(JSON.stringify({ type: 'ack', re: id }))
    } catch (thrown) {
      this.#options.onHandlerError?.(thrown, message)
      this.#answerError(id, toWireError(thrown))
    }
  }

  #answerError(re: number | null, error: WireError): void {
    if (!this.#isClosed) this.#options.transport.send(JSON.stringify({ type: 'error', re, error }))
  }

  #handleAnswer(answer: Answer): void {
    if (answer.type === 'ack') this.#settle(answer.re)
    else if (answer.re !== null) this.#settle(answer.re, HandholdError.fromWire(answer.error))
  }

  #settle(id: number, error?: HandholdError): void {
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    this.#waiting.delete(id)
    waiting.cancelTimer()
    if (error) waiting.reject(error)
    else waiting.resolve()
  }
}

function typeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('type' in value)) return ''
  return typeof value.type === 'string' ? value.type : ''
}

const linkClosed = () => new HandholdError('link-closed', 'The connection was closed before the answer came.')
const tooMuch = () => new HandholdError('rate-limited', 'Too much waits here already. Wait for the answers.')
const timedOut = (type: string) => new HandholdError('timeout', `No answer to ${type} in time.`)
