import { z } from 'zod'
import { scriptIdSchema } from '../ids.ts'
import { askedWordsSchema } from '../policy/settings.ts'
import { grantSchema } from './grant.ts'
import { TOOLS, toolSchema } from './tools.ts'

/** POST /v1/sessions/:sessionId/grants */
export const grantBodySchema = z.strictObject({ tool: toolSchema, scriptId: scriptIdSchema.optional() })
export const grantReplySchema = z.object({
  grant: grantSchema,
  grantId: z.string().min(16).max(64),
  expiresAtMs: z.number().int(),
})

/** GET /v1/devices/:deviceId/tools: what the policy lets the operator ask for there now, and whether they may begin without asking the person. */
export const toolsReplySchema = z.object({
  tools: z.array(toolSchema).max(TOOLS.length),
  maySkipConsent: z.boolean().default(false),
  /** What they say before; a relay that doesn't tell wants a reason. */
  asks: askedWordsSchema.default({ reason: 'required', ticket: 'optional' }),
})
export type ToolsReply = z.output<typeof toolsReplySchema>
