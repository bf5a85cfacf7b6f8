import { z } from 'zod'
import { wireErrorSchema } from '../errors.ts'

/** Ids are the sender's own and are unique among its frames that aren't answered yet. */
export const frameIdSchema = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** The answer to a frame: done, or refused with a reason. Every frame but an answer gets exactly one. */
export const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), re: frameIdSchema }),
  z.object({ type: z.literal('error'), re: frameIdSchema.nullable(), error: wireErrorSchema }),
])
export type Answer = z.infer<typeof answerSchema>

/** WebSocket close codes (RFC 6455, 4000–4999 are the application's). */
export const CLOSE = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupported: 1003,
  badData: 1007,
  tooBig: 1009,
  internal: 1011,
  unauthenticated: 4401,
  forbidden: 4403,
  helloTimeout: 4408,
  replaced: 4409,
  removed: 4410,
  /** The device was approved: it comes back at once. */
  approved: 4411,
  quarantined: 4423,
  rateLimited: 4429,
} as const
