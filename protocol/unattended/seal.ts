import { CompactEncrypt, type CryptoKey, compactDecrypt, importJWK } from 'jose'
import { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { sessionIdSchema } from '../ids.ts'
import { type SealPublicJwk, sealPublicJwkSchema } from '../keys.ts'

const TYP = 'handhold-otp+jwe'
/** A sealed password is some 330 characters long. */
const SEALED_MAX_LENGTH = 1024
export const sealedSchema = z.string().min(1).max(SEALED_MAX_LENGTH)

const contentSchema = z.object({ sessionId: sessionIdSchema, password: z.string().max(64) })

/** The one-time password for nobody but the operator app that holds the private half of `key` (ECDH-ES on X25519, A256GCM). */
export async function sealPassword(key: SealPublicJwk, content: z.infer<typeof contentSchema>): Promise<string> {
  const { kty, crv, x } = sealPublicJwkSchema.parse(key)
  return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: TYP })
    .encrypt(await importJWK({ kty, crv, x }, 'ECDH-ES'))
}

/** Throws `proof-invalid` for what was not sealed for this key and this session. */
export async function openSealed(privateKey: CryptoKey, sealed: string, sessionId: string): Promise<string> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(sealed, privateKey, {
      keyManagementAlgorithms: ['ECDH-ES'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const content = contentSchema.parse(JSON.parse(new TextDecoder().decode(plaintext)))
    if (protectedHeader.typ === TYP && content.sessionId === sessionId) return content.password
  } catch (cause) {
    throw unreadable(cause)
  }
  throw unreadable()
}

const unreadable = (cause?: unknown) =>
  new HandholdError('proof-invalid', 'The one-time password was not sealed for this app. Ask for a new session.', {
    cause,
  })
