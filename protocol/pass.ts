import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose'
import { z } from 'zod'
import { HandholdError } from './errors.ts'
import { deviceIdSchema, organisationIdSchema, sessionIdSchema, userIdSchema } from './ids.ts'
import { type PassVerificationKey, thumbprintSchema } from './keys.ts'
import { CLOCK_LEEWAY_S, PASS_TTL_S } from './limits.ts'
import { scopesSchema } from './session/scopes.ts'

export const PASS_TYPE = 'handhold-pass+jwt'
export const PASS_ALGORITHM = 'EdDSA'
export const PASS_ISSUER = 'handhold-relay'
export const PASS_MAX_LENGTH = 4096

/** What an access pass says. `aud` is the device; `cnf.jkt` is the thumbprint of the operator's session key (RFC 7800). */
export const passClaimsSchema = z.object({
  iss: z.literal(PASS_ISSUER),
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
  const payload = await verifySignature(pass, expected)
  const parsed = passClaimsSchema.safeParse(payload)
  if (!parsed.success) throw invalid(parsed.error)
  const claims = parsed.data
  // jose checks `exp` against the clock only; a pass that claims to live longer than the policy was not made by an honest relay.
  if (claims.exp - claims.iat > PASS_TTL_S) throw invalid()
  if (claims.aud !== expected.deviceId) throw new HandholdError('pass-wrong-device', 'This pass is for another device.')
  if (claims.sid !== expected.sessionId)
    throw new HandholdError('pass-wrong-session', 'This pass is for another session.')
  return claims
}

async function verifySignature(pass: string, expected: PassExpectation): Promise<unknown> {
  if (pass.length > PASS_MAX_LENGTH) throw invalid()
  try {
    const { kid } = decodeProtectedHeader(pass)
    const key = expected.keys.find(candidate => candidate.kid === kid)
    if (!key) throw invalid()
    const { payload } = await jwtVerify(pass, await importJWK(key, PASS_ALGORITHM), {
      algorithms: [PASS_ALGORITHM],
      typ: PASS_TYPE,
      issuer: PASS_ISSUER,
      requiredClaims: ['exp', 'iat', 'nbf', 'aud', 'jti'],
      clockTolerance: CLOCK_LEEWAY_S,
      currentDate: new Date(expected.nowMs),
    })
    return payload
  } catch (thrown) {
    if (thrown instanceof HandholdError) throw thrown
    if (thrown instanceof errors.JWTExpired) {
      throw new HandholdError('pass-expired', 'The access pass has expired. Ask for a new session.', { cause: thrown })
    }
    throw invalid(thrown)
  }
}

function invalid(cause?: unknown): HandholdError {
  return new HandholdError('pass-invalid', 'The access pass is not valid. Ask for a new session.', { cause })
}
