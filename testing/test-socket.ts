import { WebSocket } from 'ws'
import type { z } from 'zod'
import { FramedLink } from '#protocol/wire/link.ts'

interface Message {
  readonly type: string
}

export interface TestSocketOptions<In extends Message> {
  readonly url: string
  readonly headers?: Record<string, string>
  readonly incoming: z.ZodType<In>
  /** Answers what the other side sends; what it throws is the refusal. Without it everything is acknowledged. */
  readonly onMessage?: (message: In) => void | Promise<void>
}

type MessageOf<In extends Message, Type extends In['type']> = Extract<In, { type: Type }>

/** A client's end of a signalling socket: the real protocol over a real socket, with everything that came kept for the test. */
export class TestSocket<In extends Message, Out extends Message> {
  readonly socket: WebSocket
  readonly link: FramedLink<In, Out>
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  readonly received: In[] = []
  readonly #waiting = new Set<() => void>()

  private constructor(socket: WebSocket, options: TestSocketOptions<In>) {
    this.socket = socket
    this.link = new FramedLink<In, Out>({
      transport: { send: text => socket.send(text), close: (code, reason) => socket.close(code, reason) },
      incoming: options.incoming,
      onMessage: async message => {
        this.received.push(message)
        for (const check of [...this.#waiting]) check()
        await options.onMessage?.(message)
      },
      setTimer: (run, delayMs) => {
        const timer = setTimeout(run, delayMs)
        return () => clearTimeout(timer)
      },
    })
    socket.on('message', data => this.link.receive(String(data)))
    socket.on('error', () => this.link.closed())
    this.closed = new Promise(resolve => {
      socket.on('close', code => {
        this.link.closed()
        for (const check of [...this.#waiting]) check()
        resolve(code)
      })
    })
  }

  /** Rejects with `HTTP status` when the upgrade is refused. */
  static open<In extends Message, Out extends Message>(options: TestSocketOptions<In>): Promise<TestSocket<In, Out>> {
    const socket = new WebSocket(options.url, { headers: options.headers ?? {}, perMessageDeflate: false })
    const opened = new TestSocket<In, Out>(socket, options)
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(opened))
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(`HTTP ${response.statusCode}`))
        socket.terminate()
      })
      socket.once('error', reject)
    })
  }

  request(message: Out): Promise<void> {
    return this.link.request(message)
  }

  /** The first message of this type that fits, among those that came and those to come. Rejects when the socket closes first. */
  async waitFor<Type extends In['type']>(
    type: Type,
    fits: (message: MessageOf<In, Type>) => boolean = () => true,
  ): Promise<MessageOf<In, Type>> {
    const isIt = (message: In): message is MessageOf<In, Type> =>
      message.type === type && fits(message as MessageOf<In, Type>)
    for (;;) {
      const found = this.received.find(isIt)
      if (found) return found
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`The socket closed before ${type} came`)
      await new Promise<void>(resolve => {
        const check = () => {
          this.#waiting.delete(check)
          resolve()
        }
        this.#waiting.add(check)
      })
    }
  }

  /** Resolves when the other side has heard a ping and answered it. */
  beat(): Promise<void> {
    return new Promise(resolve => {
      this.socket.once('pong', () => resolve())
      this.socket.ping()
    })
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.socket.close()
    await this.closed
  }
}
