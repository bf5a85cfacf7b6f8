import { z } from 'zod'
import { deviceStatusSchema, quarantineReasonSchema } from '../device-status.ts'
import { wireErrorSchema } from '../errors.ts'
import { deviceIdSchema, groupIdSchema, organisationIdSchema, sessionIdSchema, userIdSchema } from '../ids.ts'
import { ed25519PublicJwkSchema, nonceSchema } from '../keys.ts'
import { sessionNoteSchema } from '../session/note.ts'
import { scopesSchema } from '../session/scopes.ts'
import { sessionStateSchema } from '../session/state.ts'
import { unaskedCauseSchema } from '../session/unasked.ts'
import { displayLine } from '../text.ts'
import { otpDeliverySchema, otpOfferSchema } from '../unattended/wire.ts'

const epochMs = z.number().int().nonnegative()

export const deviceFactsSchema = z.object({
  hostname: displayLine(64),
  platform: z.enum(['linux', 'win32', 'darwin', 'fake']),
  osName: displayLine(120),
  agentVersion: displayLine(40),
})
export type DeviceFactsWire = z.infer<typeof deviceFactsSchema>

/** Whom the device belongs to, as its managed configuration says; nothing is decided by it. */
export const deviceOwnerSchema = z.object({
  userName: displayLine(80),
  email: displayLine(254),
  domain: displayLine(120),
})
export type DeviceOwner = z.infer<typeof deviceOwnerSchema>

const DEVICE_TAGS_MAX = 20
/** A tag is one word in small letters, so that two spellings of it are one tag. */
const tagSchema = displayLine(40).refine(
  tag => /^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{N}._:-]*$/u.test(tag),
  'small letters, digits and . _ : - only',
)
export const tagsSchema = z.array(tagSchema).max(DEVICE_TAGS_MAX)

/** A device as an operator sees it. */
export const deviceViewSchema = z.object({
  id: deviceIdSchema,
  name: displayLine(64),
  groupId: groupIdSchema,
  tags: tagsSchema,
  facts: deviceFactsSchema,
  status: deviceStatusSchema,
  /** With `quarantined` only. */
  statusReason: quarantineReasonSchema.nullable(),
  owner: deviceOwnerSchema.nullable(),
  online: z.boolean(),
  lastSeenAtMs: epochMs.nullable(),
  enrolledAtMs: epochMs,
  /** A session that lives on it now, whoever has it. */
  busy: z.boolean(),
})
export type DeviceView = z.infer<typeof deviceViewSchema>

export const userViewSchema = z.object({ id: userIdSchema, name: displayLine(80), email: displayLine(254) })
export type UserView = z.infer<typeof userViewSchema>

export const organisationViewSchema = z.object({ id: organisationIdSchema, name: displayLine(80) })
export type OrganisationView = z.infer<typeof organisationViewSchema>

/** A session as its operator sees it. `agentNonce` is there from `granted` or `otp-issued` on: the join proof signs it. */
export const sessionViewSchema = z.object({
  id: sessionIdSchema,
  deviceId: deviceIdSchema,
  deviceName: displayLine(64),
  reason: displayLine(200),
  ticket: displayLine(60).nullable(),
  scopes: scopesSchema,
  state: sessionStateSchema,
  agentNonce: nonceSchema.nullable(),
  /** Why the person wasn't asked, where they weren't. */
  unasked: unaskedCauseSchema.optional(),
  /** The operator's roles have no chat there. */
  withoutChat: z.literal(true).optional(),
  /** The operator's own. */
  note: sessionNoteSchema.optional(),
  /** Absent for a session with a person at the device. `otp` is there while a password waits for its use. */
  unattended: z.object({ delivery: otpDeliverySchema, otp: otpOfferSchema.nullable() }).optional(),
  /** As the relay knows it; the operator app takes it at its first session with the device and never another one afterwards. */
  deviceKey: ed25519PublicJwkSchema,
  /** Why the device didn't take the request, in its own words. */
  refusal: wireErrorSchema.optional(),
  /** Somebody else's, which it was joined to. */
  beside: sessionIdSchema.optional(),
  requestedAtMs: epochMs,
})
export type SessionView = z.infer<typeof sessionViewSchema>
