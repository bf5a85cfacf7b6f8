import type { z } from 'zod'
import { type BridgeTransport, type Check, createCheckedBridge } from './checked-bridge.ts'
import type { Bridge, IpcContract } from './contract.ts'
import { mainMessageSchema } from './messages.ts'

/** The bridge of `contract`, with results and payloads checked by its schemas; see `createCheckedBridge`. */
export function createBridge<C extends IpcContract>(contract: C, transport: BridgeTransport): Bridge<C> {
  const calls = Object.entries(contract.calls).map(([name, { result }]) => [name, checkOf(result)])
  const events = Object.entries(contract.events).map(([name, payload]) => [name, checkOf(payload)])
  const checks = {
    calls: Object.fromEntries(calls),
    events: Object.fromEntries(events),
    decode: (text: string) => mainMessageSchema.parse(JSON.parse(text)),
  }
  return createCheckedBridge(checks, transport) as Bridge<C>
}

const checkOf =
  (schema: z.ZodType): Check =>
  value => {
    const parsed = schema.safeParse(value)
    return parsed.success ? { data: parsed.data } : undefined
  }
