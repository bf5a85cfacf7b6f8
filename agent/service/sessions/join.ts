import { decodeJwt, decodeProtectedHeader } from 'jose'
import { HandholdError } from '#protocol/errors.ts'
import type { PassVerificationKey } from '#protocol/keys.ts'
import { PASS_TTL_S } from '#protocol/limits.ts'
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
    throw (await stalePin(join.pass, keys)) ?? (await wrongClock(join.pass, expected)) ?? thrown
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

/**
 * For a pass that was right when it was made. The relay took it a moment ago by its own clock, so the one here, or the relay's, is wrong. It stays refused;
 * the operator reads why.
 */
async function wrongClock(pass: string, expected: JoinExpectation): Promise<HandholdError | undefined> {
  const { passKeys: keys, deviceId, sessionId, nowMs } = expected
  const madeAtMs = madeAtMsOf(pass)
  const claims = await verifyPass(pass, { keys, deviceId, sessionId, nowMs: madeAtMs }).catch(() => undefined)
  if (!claims) return undefined
  const isBehind = nowMs < madeAtMs
  const seconds = Math.round((isBehind ? madeAtMs - nowMs : nowMs - madeAtMs - PASS_TTL_S * 1000) / 1000)
  const direction = isBehind ? 'behind' : 'ahead of'
  return new HandholdError(
    isBehind ? 'pass-invalid' : 'pass-expired',
    `The device’s clock is at least ${seconds} s ${direction} the relay’s, so it refuses the access pass. Have the clock that is wrong set, best by NTP, then ask for a new session.`,
  )
}

function madeAtMsOf(pass: string): number {
  try {
    return (decodeJwt(pass).iat ?? 0) * 1000
  } catch {
    return 0
  }
}

function kidOf(pass: string): string | undefined {
  try {
    return decodeProtectedHeader(pass).kid
  } catch {
    return undefined
  }
}
