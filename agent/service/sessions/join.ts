import { decodeProtectedHeader } from 'jose'
import { HandholdError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import { type PassClaims, verifyPass } from '#protocol/pass.ts'
import { verifyProof } from '#protocol/proof.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { wordsOf } from '#protocol/trust/strict/standing.ts'

export interface JoinExpectation {
  /** The keys that were pinned at enrolment. */
  readonly passKeys: readonly PassVerificationKey[]
  readonly deviceId: string
  readonly sessionId: string
  readonly agentNonce: string
  readonly grantedScopes: readonly Scope[]
  /** The key that the request named when the person agreed to it. */
  readonly operatorKeyThumbprint: string
  readonly nowMs: number
}

/**
 * Checks that whoever joins is the operator to whom the person said "yes": a pass of the pinned keys for exactly this session and these scopes,
 * bound to the key that the request named, and a proof of that key over the nonce that this session made. Rejects with a `HandholdError`.
 */
export async function verifyJoin(
  join: { readonly pass: string; readonly proof: string },
  expected: JoinExpectation,
): Promise<PassClaims> {
  const { passKeys: keys, deviceId, sessionId, nowMs } = expected
  const claims = await verifyPass(join.pass, { keys, deviceId, sessionId, nowMs }).catch(async thrown => {
    throw (await stalePin(join.pass, keys)) ?? thrown
  })
  if (claims.scopes.some(scope => !expected.grantedScopes.includes(scope))) {
    throw new HandholdError('forbidden', 'The access pass names more than the person allowed.')
  }
  if (claims.cnf.jkt !== expected.operatorKeyThumbprint) {
    throw new HandholdError(
      'pass-key-mismatch',
      'The access pass is bound to another key than the one the person agreed to.',
    )
  }
  const proof = await verifyProof('join', join.proof, expected.operatorKeyThumbprint)
  const isForThisSession =
    proof.sessionId === sessionId && proof.deviceId === deviceId && proof.agentNonce === expected.agentNonce
  if (!isForThisSession) throw new HandholdError('proof-invalid', 'The proof of possession is for another session.')
  return claims
}

/** For a pass that names a key which isn't pinned: which one is, in words that two people can compare. */
async function stalePin(pass: string, keys: readonly PassVerificationKey[]): Promise<HandholdError | undefined> {
  const kid = kidOf(pass)
  if (kid === undefined || keys.some(key => key.kid === kid)) return undefined
  const expected = await Promise.all(keys.map(wordsOf))
  return new HandholdError(
    'pass-invalid',
    `This device expects another key of its relay: ${expected.join(', or ')}. If the relay was set up anew, enrol the device again; if not, somebody else answers in its place.`,
  )
}

function kidOf(pass: string): string | undefined {
  try {
    return decodeProtectedHeader(pass).kid
  } catch {
    return undefined
  }
}
