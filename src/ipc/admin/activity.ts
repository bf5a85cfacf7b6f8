import { z } from 'zod'
import { auditQuerySchema, auditReplySchema } from '#protocol/http.ts'
import { sessionIdSchema } from '#protocol/ids.ts'
import {
  REPORT_DIMENSIONS,
  reportReplySchema,
  sessionEntryReplySchema,
  sessionsReplySchema,
} from '#protocol/sessions-http.ts'

const epochMs = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const savedFile = z.object({ name: z.string() }).nullable()
const report = z.strictObject({
  fromMs: epochMs,
  toMs: epochMs,
  by: z.enum(REPORT_DIMENSIONS),
  utcOffsetMinutes: z.number().int().min(-840).max(840),
})

/** What happened, and what happens now. A file is saved where the person chooses; the window learns its name and no more, null when they chose none. */
export const activityCalls = {
  sessions: {
    args: z.strictObject({
      state: z.enum(['open', 'queued', 'closed']),
      q: z.string().max(100).optional(),
      cursor: z.string().max(1024).optional(),
      fromMs: epochMs.optional(),
      toMs: epochMs.optional(),
    }),
    result: sessionsReplySchema,
  },
  session: { args: z.strictObject({ sessionId: sessionIdSchema }), result: sessionEntryReplySchema },
  endAnySession: { args: z.strictObject({ sessionId: sessionIdSchema }), result: z.void() },
  report: { args: report, result: reportReplySchema },
  saveReport: { args: report, result: savedFile },
  audit: {
    args: z.strictObject({
      before: z.number().int().positive().optional(),
      limit: z.number().int().min(1).max(500),
      action: auditQuerySchema.shape.action,
      person: auditQuerySchema.shape.person,
      deviceId: auditQuerySchema.shape.deviceId,
      fromMs: epochMs.optional(),
      toMs: epochMs.optional(),
    }),
    result: auditReplySchema,
  },
  saveText: {
    args: z.strictObject({
      suggestedName: z.string().regex(/^[\w.-]{1,80}$/),
      text: z.string().max(200_000),
    }),
    result: savedFile,
  },
} as const
