import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose'
import { HandholdError } from '#protocol/errors.ts'
import { type SealPublicJwk, sealPrivateJwkSchema, sealPublicJwkSchema } from '#protocol/keys.ts'
import type { SecretStore } from '../shell/shell.ts'

/** Of this app and one person at one relay: what scripts print is sealed for it, and nobody else can read it. */
export interface OutputKey {
  readonly publicKey: SealPublicJwk
  readonly privateKey: CryptoKey
}

/** The key, made at the first call. Rejects when the one that was kept is damaged. */
export async function openOutputKey(
  secrets: SecretStore,
  { origin, userId }: { readonly origin: string; readonly userId: string },
): Promise<OutputKey> {
  const name = `output-key:${origin}:${userId}`
  const text = await secrets.get(name)
  const kept = text === undefined ? await newKey() : read(text)
  if (text === undefined) await secrets.set(name, JSON.stringify(kept))
  return { publicKey: sealPublicJwkSchema.parse(kept), privateKey: (await importJWK(kept, 'ECDH-ES')) as CryptoKey }
}

async function newKey() {
  const { privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true })
  return sealPrivateJwkSchema.parse(await exportJWK(privateKey))
}

function read(text: string) {
  try {
    return sealPrivateJwkSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HandholdError('internal', 'The key for what scripts print is damaged. Restore it.', { cause })
  }
}
