import { TOOLS_MESSAGE_MAX_BYTES } from '#protocol/tools/limits.ts'
import { type HelperTools, helperToolsSchema, type OperatorTools, OUTPUT } from '#protocol/tools/messages.ts'
import { Emitter } from '../emitter.ts'

type Messages = { [K in HelperTools['type']]: Extract<HelperTools, { type: K }> }

export interface ToolsEvents extends Messages {
  output: { readonly terminal: number; readonly bytes: Uint8Array }
  /** Messages may be sent from now on. */
  'opened-channel': undefined
  closed: undefined
}

type WithRequest = Extract<OperatorTools, { request: number }>
type Without<T> = T extends WithRequest ? Omit<T, 'request'> : never
export type ToolRefusal = { readonly code: string; readonly message: string }

/** The channel `tools` in messages. What a device sends that isn't one is dropped; nothing is sent after the channel closed. */
export class ToolsClient {
  readonly events = new Emitter<ToolsEvents>()
  readonly #channel: RTCDataChannel
  readonly #waiting = new Map<number, { resolve(message: HelperTools): void; reject(refusal: ToolRefusal): void }>()
  #requests = 0

  constructor(channel: RTCDataChannel) {
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    // After whoever made this had time to listen.
    const announce = () => this.events.emit('opened-channel', undefined)
    if (channel.readyState === 'open') queueMicrotask(announce)
    else channel.onopen = announce
    channel.onmessage = event => this.#receive(event.data)
    channel.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(CLOSED)
      this.#waiting.clear()
      this.events.emit('closed', undefined)
    }
  }

  /** Whether it was sent. */
  send(message: OperatorTools): boolean {
    if (this.#channel.readyState !== 'open') return false
    this.#channel.send(new TextEncoder().encode(JSON.stringify(message)))
    return true
  }

  /** Sends what has an answer, and resolves with it; rejects with the device's refusal. */
  request(message: Without<OperatorTools>): Promise<HelperTools> {
    const request = ++this.#requests
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject })
      if (!this.send({ ...message, request } as OperatorTools)) reject(CLOSED)
    })
  }

  #receive(data: unknown): void {
    if (!(data instanceof ArrayBuffer) || data.byteLength < 2 || data.byteLength > TOOLS_MESSAGE_MAX_BYTES) return
    const bytes = new Uint8Array(data)
    if (bytes[0] === OUTPUT) {
      this.events.emit('output', { terminal: bytes[1] ?? 0, bytes: bytes.subarray(2) })
      return
    }
    const message = parse(bytes)
    if (!message) return
    const request = 'request' in message ? message.request : null
    const waiting = request === null ? undefined : this.#waiting.get(request)
    if (waiting && request !== null && isWhole(message)) {
      this.#waiting.delete(request)
      if (message.type === 'refused') waiting.reject(message)
      else waiting.resolve(message)
    }
    this.events.emit(message.type, message as never)
  }
}

const CLOSED: ToolRefusal = { code: 'link-closed', message: 'The connection to the device is gone.' }

const isWhole = (message: HelperTools) => message.type !== 'recordings' || message.isLast

function parse(bytes: Uint8Array): HelperTools | undefined {
  try {
    return helperToolsSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  } catch {
    return undefined
  }
}
