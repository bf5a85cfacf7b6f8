import { HandholdError, toWireError } from '#protocol/errors.ts'
import type { CallHandlers, EventName, EventPayload, IpcContract } from './contract.ts'
import { CALL_MAX_CHARACTERS, CALLS_IN_FLIGHT_MAX } from './limits.ts'
import { type CallMessage, callMessageSchema } from './messages.ts'

/** Main's end of one window's bridge. */
export interface Dispatcher {
  /**
   * Runs one call and resolves with the text of its answer; with `undefined` for a message that is no call at all.
   * Never rejects. The caller has verified who sent it.
   */
  handle(message: unknown): Promise<string | undefined>
}

/** Told of every refusal and failure, with the cause that the window never sees. */
export type RefusalListener = (call: string, thrown: unknown) => void

/**
 * Checks every call against `contract` before its handler runs, and every result before it leaves: what a schema doesn't name stays here.
 * Refusals are `bad-frame`, `frame-too-large`, `not-found`, `bad-request`, `rate-limited` and whatever `HandholdError` a handler throws.
 */
export function createDispatcher<C extends IpcContract>(
  contract: C,
  handlers: CallHandlers<C>,
  onRefused: RefusalListener = () => undefined,
): Dispatcher {
  let inFlight = 0
  const run = async ({ call, args }: CallMessage): Promise<unknown> => {
    const spec = Object.hasOwn(contract.calls, call) ? contract.calls[call] : undefined
    const handler = Object.hasOwn(handlers, call) ? handlers[call] : undefined
    if (spec === undefined || handler === undefined) throw new HandholdError('not-found', `There is no call "${call}".`)
    const parsed = hasPrototypeKey(args) ? undefined : spec.args.safeParse(args)
    if (!parsed?.success) {
      throw new HandholdError('bad-request', `"${call}" got arguments that it doesn't take.`, { cause: parsed?.error })
    }
    return spec.result.parse(await (handler as (args: unknown) => unknown)(parsed.data))
  }
  return {
    async handle(message) {
      let request: CallMessage
      try {
        request = decodeCall(message)
      } catch (thrown) {
        onRefused('?', thrown)
        return undefined
      }
      const { id, call } = request
      if (inFlight >= CALLS_IN_FLIGHT_MAX) {
        const error = new HandholdError('rate-limited', 'Too much at once. Wait a moment.')
        onRefused(call, error)
        return JSON.stringify({ id, ok: false, error: error.toWire() })
      }
      inFlight++
      try {
        return JSON.stringify({ id, ok: true, result: await run(request) })
      } catch (thrown) {
        onRefused(call, thrown)
        return JSON.stringify({ id, ok: false, error: toWireError(thrown) })
      } finally {
        inFlight--
      }
    },
  }
}

/** The text of an event for a window; `payload` is cut down to what the contract names. Throws when it doesn't fit the contract. */
export function encodeEvent<C extends IpcContract, K extends EventName<C>>(
  contract: C,
  event: K,
  payload: EventPayload<C, K>,
): string {
  const schema = Object.hasOwn(contract.events, event) ? contract.events[event] : undefined
  if (schema === undefined) throw new HandholdError('not-found', `There is no event "${event}".`)
  return JSON.stringify({ event, payload: schema.parse(payload) })
}

function decodeCall(message: unknown): CallMessage {
  if (typeof message !== 'string') throw new HandholdError('bad-frame', 'A call is a text.')
  if (message.length > CALL_MAX_CHARACTERS) throw new HandholdError('frame-too-large', 'A call is too large.')
  try {
    return callMessageSchema.parse(JSON.parse(message))
  } catch (thrown) {
    throw new HandholdError('bad-frame', 'A call is not in the form of one.', { cause: thrown })
  }
}

const PROTOTYPE_KEY = /^(__proto__|constructor|prototype)$/

// No contract names such a key; a handler that copies what it got must not meet one either.
function hasPrototypeKey(args: unknown): boolean {
  const unseen = [args]
  for (let value = unseen.pop(); value !== undefined; value = unseen.pop()) {
    if (typeof value !== 'object' || value === null) continue
    for (const key of Object.keys(value)) {
      if (PROTOTYPE_KEY.test(key)) return true
      unseen.push(Reflect.get(value, key))
    }
  }
  return false
}
