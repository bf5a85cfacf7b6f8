import { z } from 'zod'
import { HandholdError } from './errors.ts'
import { deviceIdSchema, organisationIdSchema, sessionIdSchema, userIdSchema } from './ids.ts'
import { type PassVerificationKey, thumbprintSchema } from './keys.ts'
import { PASS_TTL_S } from './limits.ts'
import { scopesSchema } from './session/scopes.ts'
import { invalidToken, TOKEN_MAX_LENGTH, type TokenKind, verifyToken } from './trust/token.ts'

export const PASS_MAX_LENGTH = TOKEN_MAX_LENGTH

export const PASS: TokenKind<'handhold-relay'> = {
  typ: 'handhold-pass+jwt',
  issuer: 'handhold-relay',
  requiredClaims: ['exp', 'iat', 'nbf', 'aud', 'jti'],
  invalid: { code: 'pass-invalid', message: 'The access pass is not valid. Ask for a new session.' },
  expired: { code: 'pass-expired', message: 'The access pass has expired. Ask for a new session.' },
}

/** What an access pass says. `aud` is the device; `cnf.jkt` is the thumbprint of the operator's session key (RFC 7800). */
export const passClaimsSchema = z.object({
  iss: z.literal(PASS.issuer),
  aud: deviceIdSchema,
  sub: userIdSchema,
  jti: z.string().min(16).max(64),
  iat: z.number().int(),
  nbf: z.number().int(),
  exp: z.number().int().positive(),
  org: organisationIdSchema,
  sid: sessionIdSchema,
  scopes: scopesSchema,
  cnf: z.object({ jkt: thumbprintSchema }),
})
export type PassClaims = z.infer<typeof passClaimsSchema>

export interface PassExpectation {
  readonly keys: readonly PassVerificationKey[]
  readonly deviceId: string
  readonly sessionId: string
  readonly nowMs: number
}

/**
 * The claims of a pass that was signed by one of `keys`, is for this device and session, and lives now (leeway 30 s).
 * Throws `pass-invalid`, `pass-expired`, `pass-wrong-device` or `pass-wrong-session`.
 */
export async function verifyPass(pass: string, expected: PassExpectation): Promise<PassClaims> {
  const payload = await verifyToken(PASS, pass, expected.keys, expected.nowMs)
  const parsed = passClaimsSchema.safeParse(payload)
  if (!parsed.success) throw invalidToken(PASS, parsed.error)
  const claims = parsed.data
  // jose checks `exp` against the clock only; a pass that claims to live longer than the policy was not made by an honest relay.
  if (claims.exp - claims.iat > PASS_TTL_S) throw invalidToken(PASS)
  if (claims.aud !== expected.deviceId) throw new HandholdError('pass-wrong-device', 'This pass is for another device.')
  if (claims.sid !== expected.sessionId)
    throw new HandholdError('pass-wrong-session', 'This pass is for another session.')
  return claims
}
