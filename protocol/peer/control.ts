import { z } from 'zod'
import { endReasonSchema } from '../session/reasons.ts'

const pixels = z.number().int().min(1).max(32_767)

/** Operator → agent, JSON on `control`. */
export const operatorControlSchema = z.discriminatedUnion('type', [
  /** Whether anybody sees the picture; while nobody does, nothing is captured. */
  z.object({ type: z.literal('watching'), watching: z.boolean() }),
  z.object({ type: z.literal('select-display'), displayId: z.string().min(1).max(64) }),
  z.object({ type: z.literal('ping'), sequence: z.number().int().nonnegative() }),
  z.object({ type: z.literal('end') }),
])
export type OperatorControl = z.infer<typeof operatorControlSchema>

/** Agent → operator, JSON on `control`. */
export const agentControlSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('displays'),
    selectedId: z.string().min(1).max(64),
    displays: z
      .array(z.object({ id: z.string().min(1).max(64), name: z.string().max(64), width: pixels, height: pixels }))
      .min(1)
      .max(16),
  }),
  /** Why there is no picture, or that there is one again. */
  z.object({ type: z.literal('screen'), state: z.enum(['live', 'unavailable']), message: z.string().max(300) }),
  z.object({ type: z.literal('pong'), sequence: z.number().int().nonnegative() }),
  z.object({ type: z.literal('ended'), reason: endReasonSchema }),
])
export type AgentControl = z.infer<typeof agentControlSchema>
