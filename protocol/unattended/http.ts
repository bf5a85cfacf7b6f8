import { z } from 'zod'
import { sessionIdSchema } from '../ids.ts'
import { scopesSchema } from '../session/scopes.ts'
import { displayLine } from '../text.ts'
import { userViewSchema } from '../wire/views.ts'

/** GET /v1/approvals: unattended sessions that wait for this person's agreement. */
const approvalViewSchema = z.object({
  sessionId: sessionIdSchema,
  deviceName: displayLine(64),
  operator: userViewSchema,
  reason: displayLine(200),
  ticket: displayLine(60).nullable(),
  scopes: scopesSchema,
  requestedAtMs: z.number().int(),
  untilMs: z.number().int(),
})
export type ApprovalView = z.infer<typeof approvalViewSchema>
export const approvalsReplySchema = z.object({ approvals: z.array(approvalViewSchema).max(500) })

/** POST /v1/approvals/:sessionId */
export const approvalBodySchema = z.strictObject({ approve: z.boolean() })
