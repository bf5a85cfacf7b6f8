import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'

/** Window → main. `args` is absent for a call without arguments. */
export const callMessageSchema = z.strictObject({
  id: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  call: z.string().max(64),
  args: z.unknown().optional(),
})
export type CallMessage = z.infer<typeof callMessageSchema>

const id = callMessageSchema.shape.id

/** Main → window. */
export const mainMessageSchema = z.union([
  z.strictObject({ id, ok: z.literal(true), result: z.unknown().optional() }),
  z.strictObject({ id, ok: z.literal(false), error: wireErrorSchema }),
  z.strictObject({ event: z.string().max(64), payload: z.unknown().optional() }),
])
export type MainMessage = z.infer<typeof mainMessageSchema>
