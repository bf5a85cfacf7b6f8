import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { toolLevelSchema } from '#protocol/tools/tools.ts'
import { watchesReplySchema, watchReplySchema } from '#protocol/tools/watch/http.ts'

/** Sessions of others whose tools want this person to look. */
export const watches = watchesReplySchema.shape.watches

export const watchCalls = {
  /** Looks at somebody's tools as their second person. */
  beginWatch: { args: z.strictObject({ sessionId: sessionIdSchema }), result: watchReplySchema.pick({ watch: true }) },
  /** Said again and again while the person really has it before them: without it the device takes nothing. */
  watchBeat: { args: z.strictObject({ sessionId: sessionIdSchema }), result: z.void() },
  endWatch: { args: z.strictObject({ sessionId: sessionIdSchema }), result: z.void() },
} as const

export const watchEvents = {
  watchesChanged: watches,
  /** What the helper of this level said to the operator, each message in base64. */
  watchShown: z.object({
    sessionId: sessionIdSchema,
    level: toolLevelSchema,
    /** Something before it is missing. */
    isBroken: z.boolean(),
    messages: z.array(z.base64()),
  }),
} as const
