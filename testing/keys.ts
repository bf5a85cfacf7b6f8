import { type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'

/** A fresh Ed25519 key pair, as devices and operator apps have one. */
export interface TestKey {
  readonly privateKey: CryptoKey
  readonly publicKey: Ed25519PublicJwk
  readonly thumbprint: string
}

export async function makeTestKey(): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const publicJwk = ed25519PublicJwkSchema.parse(await exportJWK(publicKey))
  return { privateKey, publicKey: publicJwk, thumbprint: await thumbprintOf(publicJwk) }
}
