import { z } from 'zod'
import { deviceIdSchema } from './ids.ts'
import { ed25519PublicJwkSchema } from './keys.ts'
import { PASS_MAX_LENGTH } from './pass.ts'
import { matchCommitmentSchema } from './person/number-match.ts'
import { scopesSchema } from './session/scopes.ts'
import { displayLine } from './text.ts'
import { operatorChainSchema } from './trust/strict/operator-chain.ts'
import { sealKeySchema } from './unattended/wire.ts'
import { organisationViewSchema, sessionViewSchema, userViewSchema } from './wire/views.ts'

/** Request and response bodies of the relay's HTTP interface, by route. Refusals of every route are problems (problem.ts). */
export const passwordSchema = z.string().min(12).max(128)
export const emailSchema = z.email().max(254)
export const nonBlankLine = (maxLength: number) =>
  displayLine(maxLength).refine(line => line.length > 0, 'must not be blank')

/** POST /v1/bootstrap */
export const bootstrapBodySchema = z.strictObject({
  secret: z.string().min(1).max(128),
  organisationName: nonBlankLine(80),
  name: nonBlankLine(80),
  email: emailSchema,
  password: passwordSchema,
})
export const bootstrapReplySchema = z.object({ user: userViewSchema, organisation: organisationViewSchema })

/** POST /v1/sign-in. The token is an opaque bearer token for the `authorization` header; it is no cookie. */
export const signInBodySchema = z.strictObject({ email: emailSchema, password: z.string().min(1).max(1024) })
export const signInReplySchema = z.object({
  token: z.string().min(16).max(256),
  user: userViewSchema,
  organisation: organisationViewSchema,
})

/** GET /v1/me (POST /v1/sign-out has neither body) */
export const meReplySchema = z.object({ user: userViewSchema, organisation: organisationViewSchema })

/** POST /v1/operators, for administrators: adds a colleague. */
export const operatorBodySchema = z.strictObject({
  name: nonBlankLine(80),
  email: emailSchema,
  password: passwordSchema,
  role: z.enum(['admin', 'operator']),
})
export const operatorReplySchema = z.object({ user: userViewSchema })

/** POST /v1/sessions */
export const sessionBodySchema = z.strictObject({
  deviceId: deviceIdSchema,
  /** Whether these have to be said is the policy's: settings `reason` and `ticket`. */
  reason: displayLine(200),
  ticket: displayLine(60).nullable(),
  scopes: scopesSchema,
  operatorKey: ed25519PublicJwkSchema,
  /** A program that shows its operator a number commits to its half here. */
  matchCommitment: matchCommitmentSchema.nullable().default(null),
  /** How long the request waits for a device that is offline; ten minutes unless said. */
  waitMinutes: z.number().int().min(1).max(1_440).optional(),
  /** Without a person at the device: a one-time password opens it, sealed for this key or shown on its own screen. */
  unattended: z.strictObject({ sealKey: sealKeySchema }).optional(),
  /** The person is told and not asked, where role, group and device allow it; else they are asked. */
  skipConsent: z.literal(true).optional(),
  /** Who vouches for the operator; strict organisations want it. */
  operatorChain: operatorChainSchema.optional(),
  /** Into the session that somebody else has with the device: the person there is asked anew, for this operator alone. */
  joins: z.literal(true).optional(),
})
export const sessionReplySchema = z.object({ session: sessionViewSchema })

/** POST /v1/sessions/:sessionId/pass; no body */
export const passReplySchema = z.object({ pass: z.string().max(PASS_MAX_LENGTH), expiresAtMs: z.number().int() })

/** POST /v1/passes/:passId/open; no body. The pass as it was issued, and the session that it is for */
export const openPassReplySchema = passReplySchema.extend({ session: sessionViewSchema })

const epochMs = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** GET /v1/audit, newest first, from before an entry's sequence. `person` is who did it, by e-mail; a device's entries are of itself and of its sessions. */
export const auditQuerySchema = z.strictObject({
  before: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  action: z
    .string()
    .regex(/^[a-z.-]{1,60}$/)
    .optional(),
  person: emailSchema.optional(),
  deviceId: deviceIdSchema.optional(),
  /** In. */
  fromMs: epochMs.optional(),
  /** Out. */
  toMs: epochMs.optional(),
})
export type AuditQuery = z.infer<typeof auditQuerySchema>

export const auditReplySchema = z.object({
  entries: z
    .array(
      z.object({
        sequence: z.number().int(),
        atMs: z.number().int(),
        actor: displayLine(100),
        action: z.string().max(60),
        subject: displayLine(100),
        detail: z.record(z.string(), z.unknown()),
      }),
    )
    .max(500),
})
