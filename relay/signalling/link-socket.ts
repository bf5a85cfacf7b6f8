import type { WebSocket } from 'ws'
import type { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import {
  LINK_DEAD_AFTER_MS,
  PING_INTERVAL_MS,
  SOCKET_BUFFER_MAX_BYTES,
  SOCKET_UNHANDLED_MAX_BYTES,
} from '#protocol/limits.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { FramedLink } from '#protocol/wire/link.ts'
import type { Clock } from '../domain/clock.ts'
import type { Log } from '../domain/log.ts'
import { FlowLimit } from './flow-limit.ts'

interface Message {
  readonly type: string
}

export interface LinkSocketOptions<In extends Message> {
  readonly socket: WebSocket
  readonly clock: Clock
  readonly log: Log
  readonly incoming: z.ZodType<In>
  readonly onMessage: (message: In) => Promise<void>
  /** As of `FramedLink`. */
  readonly laneOf?: (message: In) => string
  /** Called once, when the socket is gone for whatever reason. */
  readonly onClosed: () => void
  /** Called with every ping, every 25 s. */
  readonly onBeat?: () => void
}

const CLOSE_TIMEOUT_MS = 5_000
const ANSWER = /^\{"type":"(?:ack|error)"/

/** A framed link over one WebSocket, with every limit that a peer of the relay has. */
export class LinkSocket<In extends Message, Out extends Message> {
  readonly link: FramedLink<In, Out>
  readonly #options: LinkSocketOptions<In>
  readonly #flow: FlowLimit
  #lastHeardMs: number
  /** Answers that the peer owes; they cost it nothing, but no more of them than were asked for. */
  #answersOwed = 0
  #cancelBeat: () => void
  #cancelCutOff: (() => void) | null = null

  constructor(options: LinkSocketOptions<In>) {
    const { socket, clock, log } = options
    this.#options = options
    this.#lastHeardMs = clock.nowMs()
    this.#flow = new FlowLimit(clock, {
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      flooded: () =>
        this.refuse(new HandholdError('rate-limited', 'Too many messages. Send fewer.'), CLOSE.rateLimited),
    })
    this.link = new FramedLink<In, Out>({
      transport: { send: text => this.#send(text), close: (code, reason) => this.close(code, reason) },
      incoming: options.incoming,
      onMessage: options.onMessage,
      ...(options.laneOf && { laneOf: options.laneOf }),
      unhandledMaxBytes: SOCKET_UNHANDLED_MAX_BYTES,
      onViolation: error => log.info({ code: error.code }, 'A peer broke the protocol'),
      onHandlerError: (thrown, message) => {
        if (!(thrown instanceof HandholdError)) log.error({ err: thrown, type: message.type }, 'A message failed')
      },
      setTimer: clock.setTimer,
    })
    this.#cancelBeat = clock.setTimer(() => this.#beat(), PING_INTERVAL_MS)
    this.#listen(socket)
  }

  get isClosed(): boolean {
    return this.#options.socket.readyState !== this.#options.socket.OPEN
  }

  /** Tells the peer why and closes. */
  refuse(error: HandholdError, closeCode: number): void {
    this.link.violate(error, closeCode)
  }

  /** May be called more than once. */
  close(code: number, reason: string): void {
    this.#options.socket.resume()
    this.#options.socket.close(code, reason)
    // A peer that doesn't answer the close is cut off; ws itself would wait for half a minute.
    this.#cancelCutOff ??= this.#options.clock.setTimer(() => this.#options.socket.terminate(), CLOSE_TIMEOUT_MS)
  }

  #listen(socket: WebSocket): void {
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      // What a flood left in the buffers after the close must neither be handled nor stop the closing handshake from being read.
      if (this.isClosed) return
      this.#heard()
      if (isBinary)
        return this.refuse(new HandholdError('bad-frame', 'Only text frames are understood.'), CLOSE.unsupported)
      const text = data.toString('utf8')
      if (ANSWER.test(text) && this.#answersOwed > 0) this.#answersOwed--
      else if (!this.#flow.admit()) return
      this.link.receive(text)
    })
    socket.on('pong', () => this.#heard())
    socket.on('ping', () => {
      this.#heard()
      if (!this.isClosed) this.#flow.admit()
    })
    // ws closes by itself after an error (1002, 1007 or 1009); 'close' follows.
    socket.on('error', error => this.#options.log.info({ err: error }, 'A socket failed'))
    socket.once('close', () => {
      this.#cancelBeat()
      this.#cancelCutOff?.()
      this.#flow.close()
      this.link.closed()
      this.#options.onClosed()
    })
  }

  #send(text: string): void {
    const { socket } = this.#options
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > SOCKET_BUFFER_MAX_BYTES) {
      socket.terminate()
      return
    }
    if (!ANSWER.test(text)) this.#answersOwed++
    socket.send(text)
  }

  #heard(): void {
    this.#lastHeardMs = this.#options.clock.nowMs()
  }

  #beat(): void {
    const { socket, clock, onBeat } = this.#options
    if (clock.nowMs() - this.#lastHeardMs >= LINK_DEAD_AFTER_MS) {
      socket.terminate()
      return
    }
    socket.ping()
    onBeat?.()
    const untilDead = this.#lastHeardMs + LINK_DEAD_AFTER_MS - clock.nowMs()
    this.#cancelBeat = clock.setTimer(() => this.#beat(), Math.min(PING_INTERVAL_MS, Math.max(1, untilDead)))
  }
}
