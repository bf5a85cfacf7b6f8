import { type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema } from '#protocol/keys.ts'

export interface SigningKey {
  readonly privateKey: CryptoKey
  readonly publicKey: Ed25519PublicJwk
}

/** A fresh Ed25519 key pair. */
export async function newSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { privateKey, publicKey: ed25519PublicJwkSchema.parse(await exportJWK(publicKey)) }
}
