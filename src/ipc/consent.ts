import { z } from 'zod'
import { endReasonSchema } from '#protocol/session/reasons.ts'
import { sessionRequestSchema } from '#protocol/wire/agent.ts'
import type { IpcContract } from './contract.ts'

/** What the consent window shows; main tells it, the window decides nothing. */
export const consentStateSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('waiting') }),
  z.object({
    name: z.literal('asking'),
    request: sessionRequestSchema,
    /** Epoch ms. */
    answerByMs: z.number(),
    /** Buttons do nothing before; epoch ms. */
    armedAtMs: z.number(),
  }),
  z.object({ name: z.literal('banner'), request: sessionRequestSchema, sinceMs: z.number(), linkUp: z.boolean() }),
  z.object({ name: z.literal('over'), request: sessionRequestSchema, reason: endReasonSchema }),
])
export type ConsentState = z.infer<typeof consentStateSchema>

export const consentContract = {
  calls: {
    state: { args: z.void(), result: consentStateSchema },
    /** The question is painted: the person can read it now. */
    painted: { args: z.void(), result: z.void() },
    /** Refused with `forbidden` before the dialog is armed. */
    answer: { args: z.strictObject({ accept: z.boolean() }), result: z.void() },
    end: { args: z.void(), result: z.void() },
  },
  events: { stateChanged: consentStateSchema },
} as const satisfies IpcContract
export type ConsentContract = typeof consentContract
