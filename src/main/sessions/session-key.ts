import { randomBytes } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose'
import type { z } from 'zod'
import { type Ed25519PublicJwk, ed25519PrivateJwkSchema, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import { commitmentTo, type NumberMatch, numberMatch } from '#protocol/person/number-match.ts'
import { type ProofClaims, signProof } from '#protocol/proof.ts'

/** A key for one session: it is made here and gone with the session. */
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
  /** With its private half, for the system's own store. Rejects where it was made not to be kept. */
  keep(): Promise<KeptSessionKey>
}

/** As it is kept for a pass that outlives this program. */
export const keptSessionKeySchema = ed25519PrivateJwkSchema
export type KeptSessionKey = z.infer<typeof keptSessionKeySchema>

/** A session that passes are handed out for has a key that can be kept; every other one's can't leave this process. */
export async function createSessionKey({ canBeKept = false } = {}): Promise<SessionKey> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: canBeKept })
  return sessionKeyOf(privateKey, ed25519PublicJwkSchema.parse(await exportJWK(publicKey)))
}

export async function restoreSessionKey(kept: KeptSessionKey): Promise<SessionKey> {
  const privateKey = await importJWK(kept, 'EdDSA', { extractable: true })
  return sessionKeyOf(privateKey as CryptoKey, ed25519PublicJwkSchema.parse(kept))
}

async function sessionKeyOf(privateKey: CryptoKey, publicKey: Ed25519PublicJwk): Promise<SessionKey> {
  const matchSecret = randomBytes(32).toString('base64url')
  const operatorKeyThumbprint = await thumbprintOf(publicKey)
  return {
    publicKey,
    matchCommitment: await commitmentTo(matchSecret),
    matchSecret,
    match: (sessionId, agentNonce) =>
      numberMatch({ sessionId, operatorKeyThumbprint, agentNonce, operatorSecret: matchSecret }),
    sign: claims => signProof('transcript', claims, privateKey, publicKey),
    signJoin: claims => signProof('join', claims, privateKey, publicKey),
    signSeal: claims => signProof('seal', claims, privateKey, publicKey),
    signGrant: claims => signProof('grant', claims, privateKey, publicKey),
    keep: async () => keptSessionKeySchema.parse(await exportJWK(privateKey)),
  }
}
