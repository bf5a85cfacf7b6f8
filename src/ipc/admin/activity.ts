import { z } from 'zod'
import { auditReplySchema } from '#protocol/http.ts'

/** What happened. */
export const activityCalls = {
  audit: {
    args: z.strictObject({
      before: z.number().int().positive().optional(),
      limit: z.number().int().min(1).max(500),
    }),
    result: auditReplySchema,
  },
  /** Saves what the window shows as a file that the person chooses; null when they chose none. The window learns its name and no more. */
  saveText: {
    args: z.strictObject({
      suggestedName: z.string().regex(/^[\w.-]{1,80}$/),
      text: z.string().max(200_000),
    }),
    result: z.object({ name: z.string() }).nullable(),
  },
} as const
