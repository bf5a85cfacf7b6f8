import { z } from 'zod'
import { scriptRunIdSchema, sessionIdSchema } from '../ids.ts'
import { scopesSchema } from '../session/scopes.ts'
import { displayLine } from '../text.ts'
import { userViewSchema } from '../wire/views.ts'

/** GET /v1/approvals: what waits for this person's agreement. An unattended session: */
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

/** A run of a script that waits for it too. What it would do is read on its own page. */
const runApprovalSchema = z.object({
  runId: scriptRunIdSchema,
  scriptName: displayLine(60),
  operator: userViewSchema,
  reason: displayLine(200),
  /** Those that this person may answer for. */
  devices: z.number().int(),
  requestedAtMs: z.number().int(),
  untilMs: z.number().int(),
})
export type RunApprovalView = z.infer<typeof runApprovalSchema>
/** Either, told apart by its id. */
export const waitingApprovalSchema = z.union([approvalViewSchema, runApprovalSchema])
export type WaitingApproval = z.infer<typeof waitingApprovalSchema>
export const approvalsReplySchema = z.object({
  approvals: z.array(approvalViewSchema).max(500),
  runs: z.array(runApprovalSchema).max(500),
})

/** POST /v1/approvals/:sessionId */
export const approvalBodySchema = z.strictObject({ approve: z.boolean() })
