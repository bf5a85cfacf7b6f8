import { z } from 'zod'
import { deviceStatusSchema } from './device-status.ts'
import { deviceIdSchema, enrolmentTokenIdSchema, groupIdSchema } from './ids.ts'
import { ed25519PublicJwkSchema, passVerificationKeySchema } from './keys.ts'
import { pageQuery, pageReply } from './page-http.ts'
import { proofSchema } from './proof.ts'
import { displayLine } from './text.ts'
import { ORDERS_MAX } from './trust/strict/limits.ts'
import { organisationOrderTextSchema } from './trust/strict/organisation-order.ts'
import { deviceFactsSchema, organisationViewSchema } from './wire/views.ts'

/** Request and response bodies of enrolment and of a device's status, by route. */
const epochMs = z.number().int()
const count = z.number().int().nonnegative()
const networkSchema = z.union([z.cidrv4(), z.cidrv6()], 'must be a network such as 192.0.2.0/24 or 2001:db8::/48')

/** POST /v1/enrolment-tokens. The token's text is in this reply and nowhere else. */
export const enrolmentTokenBodySchema = z.strictObject({
  /** What people call it. */
  name: displayLine(60).default(''),
  maxUses: z.number().int().min(1).max(100_000),
  expiresInS: z
    .number()
    .int()
    .min(60)
    .max(365 * 24 * 3600),
  /** Where its devices go; left out, the topmost group. */
  groupId: groupIdSchema.optional(),
  /** Where a device must come from; empty: anywhere. */
  networks: z.array(networkSchema).max(32).default([]),
  /** Its devices wait until an administrator approves each. */
  approval: z.boolean().default(false),
})
export type EnrolmentTokenBody = z.infer<typeof enrolmentTokenBodySchema>
export const enrolmentTokenReplySchema = z.object({
  id: enrolmentTokenIdSchema,
  token: z.string().min(32).max(128),
  expiresAtMs: epochMs,
})

/** GET /v1/enrolment-tokens, newest first: those of groups whose devices the person manages. */
const enrolmentTokenViewSchema = z.object({
  id: enrolmentTokenIdSchema,
  name: displayLine(60),
  groupId: groupIdSchema,
  /** Null: the group is gone, and the token with it. */
  groupPath: z.string().nullable(),
  maxUses: count,
  usesLeft: count,
  networks: z.array(z.string()),
  approval: z.boolean(),
  createdBy: displayLine(254),
  createdAtMs: epochMs,
  expiresAtMs: epochMs,
  revokedAtMs: epochMs.nullable(),
  /** Whether it would enrol a device now. */
  usable: z.boolean(),
  /** What became of the devices that it enrolled. */
  devices: z.object({ pending: count, active: count, quarantined: count, removed: count }),
})
export type EnrolmentTokenView = z.infer<typeof enrolmentTokenViewSchema>
export const enrolmentTokensQuerySchema = z.strictObject({
  ...pageQuery,
  groupId: groupIdSchema.optional(),
  usable: z.stringbool().optional(),
})
export const enrolmentTokensReplySchema = z.object({ tokens: z.array(enrolmentTokenViewSchema).max(200), ...pageReply })

/** DELETE /v1/enrolment-tokens/:enrolmentTokenId: the devices that it enrolled are quarantined with it. */
export const enrolmentTokenRevokedSchema = z.object({ quarantined: count })

/** PUT /v1/devices/:deviceId/status: `active` approves or releases it. */
export const deviceStatusBodySchema = z.strictObject({ status: z.enum(['active', 'quarantined']) })

/** POST /v1/enrol, from a device. `proof` is of kind `enrol`. */
export const enrolBodySchema = z.strictObject({
  token: z.string().min(1).max(128),
  key: ed25519PublicJwkSchema,
  proof: proofSchema,
  facts: deviceFactsSchema,
  /** Which organisation the device expects, by name or id: a token of another one is refused. */
  tenant: displayLine(80).optional(),
  /** Where it wants to be, as path or id: the token's own group or one beneath it. */
  group: displayLine(500).optional(),
})
export const enrolReplySchema = z.object({
  deviceId: deviceIdSchema,
  status: deviceStatusSchema,
  organisation: organisationViewSchema,
  /** The agent pins these: a pass signed by any other key is refused, whoever sends it. */
  passKeys: z.array(passVerificationKeySchema).min(1).max(4),
  /** What the organisation's key said, oldest first: hand-overs and the newest. The agent pins the key of the first one unless it was configured with one. */
  organisationOrders: z.array(organisationOrderTextSchema).max(ORDERS_MAX).default([]),
})
