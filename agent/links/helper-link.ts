import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'
import { deviceIdSchema, sessionIdSchema, userIdSchema } from '#protocol/ids.ts'
import { nonceSchema, passVerificationKeySchema, thumbprintSchema } from '#protocol/keys.ts'
import { proofSchema } from '#protocol/proof.ts'
import { displayLine } from '#protocol/text.ts'
import { toolReportSchema } from '#protocol/tools/audit.ts'
import { toolLevelSchema, toolSchema } from '#protocol/tools/tools.ts'
import { shownSchema } from '#protocol/tools/watch/shown.ts'
import { PINNED_KEYS_MAX } from '#protocol/trust/key-handover.ts'
import { TOKEN_MAX_LENGTH } from '#protocol/trust/token.ts'

/** The descriptor over which a helper and the session host talk; the service hands the other end to the host and never reads it. */
export const HELPER_PEER_FD = 4
/** The folder of this helper's recordings, open: its path may lead through folders that the helper's user can't enter. */
export const HELPER_RECORDINGS_FD = 5

const passKeysSchema = z.array(passVerificationKeySchema).min(1).max(PINNED_KEYS_MAX)

/** What a helper needs to check for itself whatever an operator brings. */
export const helperBeginSchema = z.object({
  type: z.literal('begin'),
  level: toolLevelSchema,
  sessionId: sessionIdSchema,
  deviceId: deviceIdSchema,
  operatorId: userIdSchema,
  operatorKeyThumbprint: thumbprintSchema,
  agentNonce: nonceSchema,
  passKeys: passKeysSchema,
  /** What the person agreed to, of this level. */
  tools: z.array(toolSchema).min(1),
  /** Where this device's registry is, when that isn't Windows' own. */
  wine: z.object({ prefix: z.string().max(4096), program: z.string().max(4096) }).optional(),
})
export type HelperBegin = z.infer<typeof helperBeginSchema>

/** Agent service → helper, over the inherited process channel. `begin` is first. */
export const serviceToHelperSchema = z.discriminatedUnion('type', [
  helperBeginSchema,
  /** The relay has handed over to another key: these are good from now on. */
  z.object({ type: z.literal('set-pass-keys'), passKeys: passKeysSchema }),
  /** The session's newest lease, or that there is none. */
  z.object({ type: z.literal('lease'), lease: z.string().max(TOKEN_MAX_LENGTH).nullable() }),
  /** The person has agreed to more, or to less. */
  z.object({ type: z.literal('set-tools'), tools: z.array(toolSchema) }),
  z.object({ type: z.literal('set-paused'), paused: z.boolean() }),
  /** A second person looks; checked by the helper itself. */
  z.object({ type: z.literal('watch'), statement: z.string().max(TOKEN_MAX_LENGTH), proof: proofSchema }),
  /** Whether the report is in the audit; why not, in the relay's words where it has any. */
  z.object({
    type: z.literal('reported'),
    id: z.number().int(),
    isKept: z.boolean(),
    why: wireErrorSchema.optional(),
  }),
  /** End everything that was started, and exit. */
  z.object({ type: z.literal('stop') }),
])
export type ServiceToHelper = z.infer<typeof serviceToHelperSchema>

/** Helper → agent service. */
export const helperToServiceSchema = z.discriminatedUnion('type', [
  /** So many terminals are open now, each of them recorded. */
  z.object({ type: z.literal('recording'), terminals: z.number().int().min(0).max(64) }),
  /** Who sees what is done here, as their second person; null: nobody any more. */
  z.object({ type: z.literal('watched'), watcher: displayLine(120).nullable() }),
  z.object({ type: z.literal('report'), id: z.number().int(), report: toolReportSchema }),
  /** For the second person, sealed. */
  z.object({ type: z.literal('shown'), sealed: shownSchema }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), message: z.string().max(500) }),
])
export type HelperToService = z.infer<typeof helperToServiceSchema>
