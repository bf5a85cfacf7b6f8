import type { WireError } from '#protocol/errors.ts'
import { CALL_MAX_CHARACTERS, CALLS_IN_FLIGHT_MAX } from './limits.ts'
import type { MainMessage } from './messages.ts'

/** What carries a bridge's text to main and back. */
export interface BridgeTransport {
  send(message: string): void
  /** Called once; the listener gets every message of main, in order. */
  receive(listener: (message: string) => void): void
}

/** What a value has become after it was looked at; `undefined` when it isn't what it should be. */
export type Check = (value: unknown) => { readonly data: unknown } | undefined

/** The names of a contract and how what main says is looked at before a view gets it. */
export interface BridgeChecks {
  /** Results, by the name of the call. */
  readonly calls: Readonly<Record<string, Check>>
  /** Payloads, by the name of the event. */
  readonly events: Readonly<Record<string, Check>>
  /** Throws or answers `undefined` for what is no message. */
  decode(text: string): MainMessage | undefined
}

interface Pending {
  readonly call: string
  resolve(result: unknown): void
  reject(error: WireError): void
}

/**
 * The frozen object that a view sees: one function for each call and one subscription for each event, nothing else.
 * Calls reject with a `WireError` (see `refusalOf`). Results and event payloads are checked before the view gets them; an event that
 * fails its check is dropped. Loads no schemas, so that a preload that needs none stays small.
 */
export function createCheckedBridge(checks: BridgeChecks, transport: BridgeTransport) {
  const pending = new Map<number, Pending>()
  const listeners = new Map(Object.keys(checks.events).map(name => [name, new Set<(payload: unknown) => void>()]))
  let lastId = 0

  const call = (name: string, args: unknown): Promise<unknown> =>
    new Promise((resolve, reject: (error: WireError) => void) => {
      if (pending.size >= CALLS_IN_FLIGHT_MAX)
        return reject(refused('rate-limited', 'Too much at once. Wait a moment.'))
      const id = ++lastId
      const message = encodeCall(id, name, args)
      if (message === undefined) return reject(refused('bad-request', `"${name}" got arguments that can't be sent.`))
      if (message.length > CALL_MAX_CHARACTERS) return reject(refused('frame-too-large', `"${name}" is too large.`))
      pending.set(id, { call: name, resolve, reject })
      transport.send(message)
    })

  transport.receive(text => {
    const message = decode(checks, text)
    if (message === undefined) return
    if ('event' in message) return deliver(message.event, message.payload)
    const waiting = pending.get(message.id)
    if (waiting === undefined) return
    pending.delete(message.id)
    if (!message.ok) return waiting.reject(Object.freeze(message.error))
    const result = checks.calls[waiting.call]?.(message.result)
    if (result) waiting.resolve(result.data)
    else waiting.reject(refused('internal', `"${waiting.call}" was answered with something else than promised.`))
  })

  function deliver(event: string, payload: unknown): void {
    const parsed = listeners.has(event) ? checks.events[event]?.(payload) : undefined
    if (!parsed) return
    for (const listener of [...(listeners.get(event) ?? [])]) listener(parsed.data)
  }

  const calls = Object.keys(checks.calls).map(name => [name, (args: unknown) => call(name, args)])
  const subscriptions = Object.keys(checks.events).map(name => [
    name,
    (listener: (payload: unknown) => void) => {
      if (typeof listener !== 'function') throw new TypeError(`"${name}" needs a function to call`)
      // A closure of its own, so that one function subscribed twice is two subscriptions.
      const own = (payload: unknown) => listener(payload)
      listeners.get(name)?.add(own)
      return () => void listeners.get(name)?.delete(own)
    },
  ])
  return Object.freeze({
    call: Object.freeze(Object.fromEntries(calls)),
    on: Object.freeze(Object.fromEntries(subscriptions)),
  })
}

// Reading `args` may run a view's getters, proxies or cycles: whatever they throw is a refusal.
function encodeCall(id: number, call: string, args: unknown): string | undefined {
  try {
    return JSON.stringify({ id, call, args })
  } catch {
    return undefined
  }
}

function decode(checks: BridgeChecks, text: string): MainMessage | undefined {
  try {
    return checks.decode(text)
  } catch {
    return undefined
  }
}

function refused(code: WireError['code'], message: string): WireError {
  return Object.freeze({ code, message })
}
