import { type CompactJWSHeaderParameters, CompactSign, type CryptoKey, compactVerify, importJWK } from 'jose'
import type { z } from 'zod'
import { HandholdError } from '../errors.ts'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '../keys.ts'

/** One kind of statement that is kept and checked later, also by people who have nothing but the text and a public key. */
export interface StatementKind<T> {
  readonly typ: string
  readonly claims: z.ZodType<T>
  readonly maxLength: number
}

export interface Statement<T> {
  readonly claims: T
  /** Who signed. Worth nothing until somebody says that it is the right key. */
  readonly key: Ed25519PublicJwk
  readonly thumbprint: string
}

/** Compact JWS, EdDSA; the public half travels in the header. */
export async function signStatement<T>(
  { typ }: StatementKind<T>,
  claims: T,
  privateKey: CryptoKey,
  { kty, crv, x }: Ed25519PublicJwk,
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  return new CompactSign(payload).setProtectedHeader({ alg: 'EdDSA', typ, jwk: { kty, crv, x } }).sign(privateKey)
}

/** Reads a statement and checks its signature by the key that it names. Throws `signature-invalid` for everything else. */
export async function readStatement<T>(kind: StatementKind<T>, text: string): Promise<Statement<T>> {
  try {
    if (text.length > kind.maxLength) throw invalid()
    let key: Ed25519PublicJwk | undefined
    const named = (header: CompactJWSHeaderParameters | undefined) => {
      key = ed25519PublicJwkSchema.parse(header?.jwk)
      return importJWK(key, 'EdDSA')
    }
    const { payload, protectedHeader } = await compactVerify(text, named, { algorithms: ['EdDSA'] })
    if (protectedHeader.typ !== kind.typ || !key) throw invalid()
    const claims = kind.claims.parse(JSON.parse(new TextDecoder().decode(payload)))
    return { claims, key, thumbprint: await thumbprintOf(key) }
  } catch (thrown) {
    if (thrown instanceof HandholdError) throw thrown
    throw invalid(thrown)
  }
}

/** The claims of a statement by exactly this key. Throws `pass-key-mismatch` for another key's. */
export async function verifyStatement<T>(kind: StatementKind<T>, text: string, thumbprint: string): Promise<T> {
  const statement = await readStatement(kind, text)
  if (statement.thumbprint !== thumbprint)
    throw new HandholdError('pass-key-mismatch', 'This was signed by another key than the one that was expected.')
  return statement.claims
}

function invalid(cause?: unknown): HandholdError {
  return new HandholdError('signature-invalid', 'This is not a signed statement of the expected kind.', { cause })
}
