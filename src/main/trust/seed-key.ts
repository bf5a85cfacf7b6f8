import { createPrivateKey } from 'node:crypto'
import { type CryptoKey, importJWK } from 'jose'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema } from '#protocol/keys.ts'

export const SEED_BYTES = 32
/** PKCS #8 of an Ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8_START = Buffer.from('302e020100300506032b657004220420', 'hex')

/** An Ed25519 key that can be written down: its 32 bytes are all of it. */
export interface SeedKey {
  readonly seed: Uint8Array
  readonly publicKey: Ed25519PublicJwk
  readonly privateKey: CryptoKey
}

export async function keyFromSeed(seed: Uint8Array): Promise<SeedKey> {
  if (seed.length !== SEED_BYTES) throw new RangeError('an Ed25519 key is made of 32 bytes')
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_START, seed]), format: 'der', type: 'pkcs8' })
  const jwk = key.export({ format: 'jwk' })
  return {
    seed,
    publicKey: ed25519PublicJwkSchema.parse(jwk),
    privateKey: (await importJWK(jwk, 'EdDSA')) as CryptoKey,
  }
}
