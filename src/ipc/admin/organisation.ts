import { z } from 'zod'
import { ssoBodySchema, ssoReplySchema } from '#protocol/identity-http.ts'
import { retentionBodySchema, retentionReplySchema } from '#protocol/retention-http.ts'

/** What holds for the organisation as a whole. */
export const organisationCalls = {
  singleSignOn: { args: z.void(), result: ssoReplySchema },
  setSingleSignOn: { args: ssoBodySchema, result: z.void() },
  removeSingleSignOn: { args: z.void(), result: z.void() },
  retention: { args: z.void(), result: retentionReplySchema },
  setRetention: { args: retentionBodySchema, result: retentionReplySchema },
} as const
