import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { type CryptoKey, importPKCS8 } from 'jose'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import type { AuditSigner } from '../domain/audit/sealing.ts'
import { AUDIT_HEAD, AUDIT_TOMBSTONE } from '../domain/audit/statements.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

export interface AuditKey extends AuditSigner {
  readonly publicKey: Ed25519PublicJwk
  /** What auditors compare. */
  readonly thumbprint: string
}

/** The key that signs heads and tombstones, in a file of its own outside the database; made at the first start. */
export async function openAuditKey(file: string): Promise<AuditKey> {
  const pem = readPrivateFile(file) ?? makeKey(file)
  const key = createPrivateKey(pem)
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${file} holds no Ed25519 key. Put the right file back from the backup.`)
  const publicKey = ed25519PublicJwkSchema.parse(createPublicKey(key).export({ format: 'jwk' }))
  const privateKey: CryptoKey = await importPKCS8(pem, 'EdDSA')
  return {
    publicKey,
    thumbprint: await thumbprintOf(publicKey),
    signHead: head => signStatement(AUDIT_HEAD, head, privateKey, publicKey),
    signTombstone: stone => signStatement(AUDIT_TOMBSTONE, stone, privateKey, publicKey),
  }
}

function makeKey(file: string): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  writePrivateFile(file, pem)
  return pem
}
