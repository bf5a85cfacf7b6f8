import { exportJWK, generateKeyPair } from 'jose'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { signProof } from '#protocol/proof.ts'

/** A key for one session: it is made here, its private half can't be exported and it is gone with the session. */
export interface SessionKey {
  readonly publicKey: Ed25519PublicJwk
  signJoin(claims: { sessionId: string; deviceId: string; agentNonce: string }): Promise<string>
}

export async function createSessionKey(): Promise<SessionKey> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: false })
  const publicKey = ed25519PublicJwkSchema.parse(await exportJWK(pair.publicKey))
  return { publicKey, signJoin: claims => signProof('join', claims, pair.privateKey, publicKey) }
}
