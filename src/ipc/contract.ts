import type { z } from 'zod'

/** One call from a window to main: the arguments that main accepts and the result that it promises. */
export interface CallSpec {
  readonly args: z.ZodType
  readonly result: z.ZodType
}

/**
 * Everything that a window and main may say to each other. Windows hold tickets, never tokens, keys or paths.
 * Calls are checked by main before a handler runs; events are checked by the window's bridge before a listener does.
 */
export interface IpcContract {
  readonly calls: Record<string, CallSpec>
  readonly events: Record<string, z.ZodType>
}

export type CallName<C extends IpcContract> = keyof C['calls'] & string
export type EventName<C extends IpcContract> = keyof C['events'] & string
export type CallArgs<C extends IpcContract, K extends CallName<C>> = z.infer<C['calls'][K]['args']>
export type CallResult<C extends IpcContract, K extends CallName<C>> = z.infer<C['calls'][K]['result']>
export type EventPayload<C extends IpcContract, K extends EventName<C>> = z.infer<C['events'][K]>

/** What main registers for a window: one function for each call of its contract. */
export type CallHandlers<C extends IpcContract> = {
  readonly [K in CallName<C>]: (args: CallArgs<C, K>) => CallResult<C, K> | Promise<CallResult<C, K>>
}

/** What a view sees as `window.handhold`: one function for each call and one subscription for each event, frozen. */
export interface Bridge<C extends IpcContract> {
  readonly call: { readonly [K in CallName<C>]: (args: CallArgs<C, K>) => Promise<CallResult<C, K>> }
  /** Returns the function that ends the subscription. */
  readonly on: { readonly [K in EventName<C>]: (listener: (payload: EventPayload<C, K>) => void) => () => void }
}
