import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { sessionIdSchema } from '../ids.ts'
import type { PassVerificationKey } from '../keys.ts'
import { verifyProof } from '../proof.ts'
import { scriptDigestSchema } from '../scripts/script.ts'
import { displayLine } from '../text.ts'
import { relayGrantClaims } from '../trust/relay-grant.ts'
import { invalidToken, TOKEN_MAX_LENGTH, type TokenKind, verifyToken } from '../trust/token.ts'
import { GRANT_TTL_S } from './limits.ts'
import { type Tool, toolSchema } from './tools.ts'

const INVALID = { code: 'grant-invalid', message: 'This grant doesn’t open the tool. Open the tool anew.' } as const

export const GRANT: TokenKind<'handhold-relay'> = {
  typ: 'handhold-grant+jwt',
  issuer: 'handhold-relay',
  requiredClaims: ['exp', 'iat', 'nbf', 'aud', 'jti'],
  invalid: INVALID,
  expired: INVALID,
}

/** What opens one tool in one session on one device for one operator's key. */
export const grantClaimsSchema = z.object({
  ...relayGrantClaims,
  sid: sessionIdSchema,
  tool: toolSchema,
  /** Nothing is taken while no second person looks. */
  twoPerson: z.boolean().optional(),
  /** The audit has a row for whatever is typed, or it isn't taken. */
  strict: z.boolean().optional(),
  /** It opens nothing, and runs this one script. */
  script: z.object({ digest: scriptDigestSchema, name: displayLine(60) }).optional(),
})
export type GrantClaims = z.infer<typeof grantClaimsSchema>

export const grantSchema = z.string().min(1).max(TOKEN_MAX_LENGTH)

export interface GrantExpectation {
  /** The keys that were pinned at enrolment. */
  readonly keys: readonly PassVerificationKey[]
  readonly deviceId: string
  readonly sessionId: string
  readonly tool: Tool
  /** The key that the person agreed to. */
  readonly operatorKeyThumbprint: string
  readonly nowMs: number
}

/**
 * The claims of a grant that a pinned key signed, for exactly this tool, session, device and operator's key, and alive now: to the second, without leeway,
 * because nothing waits for a grant. Throws `grant-invalid`, without saying to the other side which part was wrong.
 */
export async function verifyGrant(grant: string, expected: GrantExpectation): Promise<GrantClaims> {
  const { success, data: claims } = grantClaimsSchema.safeParse(
    await verifyToken(GRANT, grant, expected.keys, expected.nowMs),
  )
  if (!success) throw invalidToken(GRANT)
  const isForThis =
    claims.aud === expected.deviceId &&
    claims.sid === expected.sessionId &&
    claims.tool === expected.tool &&
    claims.cnf.jkt === expected.operatorKeyThumbprint
  const isAlive = expected.nowMs < claims.exp * 1000 && claims.exp - claims.iat <= GRANT_TTL_S
  if (!isForThis || !isAlive) throw invalidToken(GRANT)
  return claims
}

/** That whoever brings the grant has the key which it names, in the session whose nonce this is. Throws `proof-invalid` or `pass-key-mismatch`. */
export async function verifyGrantProof(proof: string, claims: GrantClaims, agentNonce: string): Promise<void> {
  const said = await verifyProof('grant', proof, claims.cnf.jkt)
  if (said.sessionId !== claims.sid || said.grantId !== claims.jti || said.agentNonce !== agentNonce)
    throw new HandholdError('proof-invalid', 'The proof of possession is for another grant.')
}
