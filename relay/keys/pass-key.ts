import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import { signToken } from '#protocol/trust/token.ts'
import type { TokenSigner } from '../domain/sessions/passes.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

/**
 * The signer of access passes and leases. Its private key is in a file of the relay's own, outside the database, made at the first start and kept over restarts;
 * nothing that the relay serves can return it.
 */
export async function openTokenSigner(file: string): Promise<TokenSigner> {
  const privateKey = readKey(file) ?? makeKey(file)
  const publicJwk = ed25519PublicJwkSchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }))
  const kid = (await thumbprintOf(publicJwk)).slice(0, 16)
  return {
    keys: [{ ...publicJwk, kid }],
    sign: (kind, claims) => signToken(kind, claims, kid, privateKey),
  }
}

function readKey(file: string): KeyObject | undefined {
  const pem = readPrivateFile(file)
  if (pem === undefined) return undefined
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${file} holds no Ed25519 key. Put the right file back, or remove it to make a new key.`)
  return key
}

function makeKey(file: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519')
  writePrivateFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
  return privateKey
}
