import type { Readable, Writable } from 'node:stream'
import type { ProtocolMapping } from 'devtools-protocol/types/protocol-mapping.js'
import { createNulReader } from './nul-frames.ts'

type Commands = ProtocolMapping.Commands
type Events = ProtocolMapping.Events
export type Command = keyof Commands & string
type CdpEvent = keyof Events & string
export type CommandParameters<K extends Command> = Commands[K]['paramsType'][0]
export type CommandResult<K extends Command> = Commands[K]['returnType']
type EventParameters<K extends CdpEvent> = Events[K][0]

/** Far above everything that the browser says to us, and far below what hurts. */
const MESSAGE_MAX_BYTES = 8 * 1024 * 1024

/** The browser refused a command, or is gone. */
class CdpError extends Error {
  constructor(method: string, message: string) {
    super(`${method}: ${message}`)
    this.name = 'CdpError'
  }
}

/** One attached target, or the browser itself. */
export interface CdpSession {
  readonly id: string | undefined
  send<K extends Command>(method: K, parameters?: CommandParameters<K>): Promise<CommandResult<K>>
  /** Listeners run in the order in which they came, for as long as the connection lives. */
  on<K extends CdpEvent>(event: K, listener: (parameters: EventParameters<K>) => void): void
}

/** The DevTools protocol over a browser's debugging pipe. */
export interface CdpConnection extends CdpSession {
  session(id: string): CdpSession
  /** Resolves when the pipe closed, or when the browser sent what no browser sends. */
  readonly closed: Promise<void>
  /** Idempotent. Commands that wait for an answer reject. */
  close(): void
}

interface Waiting {
  readonly method: string
  resolve(result: unknown): void
  reject(error: CdpError): void
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly sessionId?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

export function connectCdp(toBrowser: Writable, fromBrowser: Readable): CdpConnection {
  const waiting = new Map<number, Waiting>()
  const listeners = new Map<string, ((parameters: unknown) => void)[]>()
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<void>()
  let lastId = 0
  let isClosed = false

  const close = () => {
    if (isClosed) return
    isClosed = true
    toBrowser.destroy()
    fromBrowser.destroy()
    for (const { method, reject } of waiting.values()) reject(new CdpError(method, 'the browser is gone'))
    waiting.clear()
    resolveClosed()
  }

  const onText = (text: string) => {
    const message = JSON.parse(text) as Message
    if (message.method !== undefined) {
      for (const listener of listeners.get(`${message.sessionId ?? ''} ${message.method}`) ?? [])
        listener(message.params)
      return
    }
    const answered = waiting.get(message.id ?? 0)
    if (answered === undefined) return
    waiting.delete(message.id ?? 0)
    if (message.error) answered.reject(new CdpError(answered.method, message.error.message))
    else answered.resolve(message.result)
  }

  const read = createNulReader(MESSAGE_MAX_BYTES, onText)
  fromBrowser.on('data', (chunk: Buffer) => {
    if (isClosed) return
    try {
      read(chunk)
    } catch {
      // Too long or no JSON: nothing after it can be trusted to be in step, and closing the pipe ends the browser.
      close()
    }
  })
  fromBrowser.on('close', close).on('error', close)
  toBrowser.on('error', close)

  const session = (sessionId: string | undefined): CdpSession => ({
    id: sessionId,
    send: (method, parameters) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new CdpError(method, 'the browser is gone'))
        const id = ++lastId
        waiting.set(id, { method, resolve: resolve as (result: unknown) => void, reject })
        toBrowser.write(`${JSON.stringify({ id, method, params: parameters ?? {}, sessionId })}\0`)
      }),
    on: (event, listener) => {
      const key = `${sessionId ?? ''} ${event}`
      listeners.set(key, [...(listeners.get(key) ?? []), listener as (parameters: unknown) => void])
    },
  })
  return { ...session(undefined), session, closed, close }
}
