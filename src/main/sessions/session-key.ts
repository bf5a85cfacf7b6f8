import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import { commitmentTo, type NumberMatch, numberMatch } from '#protocol/person/number-match.ts'
import { type ProofClaims, signProof } from '#protocol/proof.ts'

/** A key for one session: it is made here, its private half can't be exported and it is gone with the session. */
export interface SessionKey {
  readonly publicKey: Ed25519PublicJwk
  /** Goes with the request; `matchSecret` is said once the device has said its half. */
  readonly matchCommitment: string
  readonly matchSecret: string
  /** What this operator reads out, and what the person should see. */
  match(sessionId: string, agentNonce: string): Promise<NumberMatch>
  /** What WayIn is made with. */
  signSeal(claims: ProofClaims<'seal'>): Promise<string>
  signGrant(claims: ProofClaims<'grant'>): Promise<string>
  sign(claims: ProofClaims<'transcript'>): Promise<string>
  signJoin(claims: { sessionId: string; deviceId: string; agentNonce: string }): Promise<string>
}

export async function createSessionKey(): Promise<SessionKey> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: false })
  const publicKey = ed25519PublicJwkSchema.parse(await exportJWK(pair.publicKey))
  const matchSecret = randomBytes(32).toString('base64url')
  const operatorKeyThumbprint = await thumbprintOf(publicKey)
  return {
    publicKey,
    matchCommitment: await commitmentTo(matchSecret),
    matchSecret,
    match: (sessionId, agentNonce) =>
      numberMatch({ sessionId, operatorKeyThumbprint, agentNonce, operatorSecret: matchSecret }),
    sign: claims => signProof('transcript', claims, pair.privateKey, publicKey),
    signJoin: claims => signProof('join', claims, pair.privateKey, publicKey),
    signSeal: claims => signProof('seal', claims, pair.privateKey, publicKey),
    signGrant: claims => signProof('grant', claims, pair.privateKey, publicKey),
  }
}
