import { decodeJwt } from 'jose'
import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { deviceIdSchema, organisationIdSchema, sessionIdSchema, userIdSchema } from '../ids.ts'
import { nonceSchema, type PassVerificationKey } from '../keys.ts'
import { LEASE_TTL_S } from '../limits.ts'
import { scopesSchema } from '../session/scopes.ts'
import { invalidToken, type TokenKind, verifyToken } from './token.ts'

const INVALID = {
  code: 'lease-invalid',
  message: 'The lease of the session is not valid.',
} as const

export const LEASE: TokenKind<'handhold-relay'> = {
  typ: 'handhold-lease+jwt',
  issuer: 'handhold-relay',
  requiredClaims: ['exp', 'iat', 'aud'],
  invalid: INVALID,
  expired: INVALID,
}

/**
 * The relay's word that the operator of a live session may still be there. `nonce` is the agent's own of the moment in which it asked: a lease that was
 * made for an earlier question, or kept back, proves nothing.
 */
export const leaseClaimsSchema = z.object({
  iss: z.literal(LEASE.issuer),
  aud: deviceIdSchema,
  sub: userIdSchema,
  org: organisationIdSchema,
  sid: sessionIdSchema,
  scopes: scopesSchema,
  nonce: nonceSchema,
  iat: z.number().int(),
  exp: z.number().int().positive(),
})
export type LeaseClaims = z.infer<typeof leaseClaimsSchema>

export interface LeaseExpectation {
  readonly keys: readonly PassVerificationKey[]
  readonly deviceId: string
  readonly sessionId: string
  readonly operatorId: string
  /** What the question said; absent for a reader who didn't ask, and who must know the lease's age in another way. */
  readonly nonce?: string
}

/**
 * The claims of a lease that one of `keys` signed for exactly this session. No clock is asked: the nonce tells when it was made, and whoever asked counts
 * its life from the question by a clock that can't be set. Throws `lease-invalid`.
 */
export async function verifyLease(lease: string, expected: LeaseExpectation): Promise<LeaseClaims> {
  const payload = await verifyToken(LEASE, lease, expected.keys, issuedAtMs(lease))
  const parsed = leaseClaimsSchema.safeParse(payload)
  if (!parsed.success) throw invalidToken(LEASE, parsed.error)
  const claims = parsed.data
  const isForThis =
    claims.aud === expected.deviceId && claims.sid === expected.sessionId && claims.sub === expected.operatorId
  if (!isForThis || claims.exp - claims.iat > LEASE_TTL_S) throw invalidToken(LEASE)
  if (expected.nonce !== undefined && claims.nonce !== expected.nonce)
    throw new HandholdError('lease-invalid', 'The lease of the session answers another question.')
  return claims
}

/** Read before the signature is checked: it only says that `exp` is after `iat`, whatever the clocks show. */
function issuedAtMs(lease: string): number {
  try {
    const { iat } = decodeJwt(lease)
    if (typeof iat === 'number' && Number.isSafeInteger(iat * 1000)) return iat * 1000
  } catch {
    // No token at all.
  }
  throw invalidToken(LEASE)
}
