import { Socket } from 'node:net'
import type { z } from 'zod'

/** The process channel to the program that started this one. */
export interface ParentChannel<Out> {
  send(message: Out): void
  /** Resolves when all that was sent has left, at once when the parent is gone. */
  flushed(): Promise<void>
}

/** `undefined` when nobody started this program over a process channel. Messages that don't parse are dropped. */
export function openParentChannel<In, Out extends object>(
  incoming: z.ZodType<In>,
  onMessage: (message: In, socket: Socket | undefined) => void,
): ParentChannel<Out> | undefined {
  if (!process.send) return undefined
  let last: Promise<void> = Promise.resolve()
  process.on('message', (value, handle) => {
    const message = incoming.safeParse(value)
    if (message.success) onMessage(message.data, handle instanceof Socket ? handle : undefined)
  })
  return {
    send(message) {
      if (process.connected) last = new Promise(resolve => process.send?.(message, undefined, {}, () => resolve()))
    },
    flushed: () => last,
  }
}
