import { decodeProtectedHeader, errors, importJWK, jwtVerify, SignJWT } from 'jose'
import { type ErrorCode, HandholdError } from '../errors.ts'
import type { PassVerificationKey } from '../keys.ts'
import { CLOCK_LEEWAY_S } from '../limits.ts'

/** The one algorithm of every token and proof. */
const TOKEN_ALGORITHM = 'EdDSA'
export const TOKEN_MAX_LENGTH = 4096

/** One kind of signed token: its own `typ` and issuer, so that none is good in another's place, and what is said when one is refused. */
export interface TokenKind<Issuer extends string = string> {
  readonly typ: string
  readonly issuer: Issuer
  readonly requiredClaims: readonly string[]
  readonly invalid: { readonly code: ErrorCode; readonly message: string }
  readonly expired: { readonly code: ErrorCode; readonly message: string }
}

/** An Ed25519 private key as the program has it. */
export type SigningKey = Parameters<SignJWT['sign']>[0]

/** Signs claims as a token of this kind; `kid` is how whoever checks it finds the key. */
export const signToken = (kind: TokenKind, claims: object, kid: string, privateKey: SigningKey): Promise<string> =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: kind.typ, kid }).sign(privateKey)

/**
 * The payload of a token of this kind that one of `keys` signed and that lives at `atMs` (leeway 30 s); its members are for the caller to check.
 * Throws the kind's refusals and nothing else.
 */
export async function verifyToken(
  kind: TokenKind,
  token: string,
  keys: readonly PassVerificationKey[],
  atMs: number,
): Promise<unknown> {
  if (token.length > TOKEN_MAX_LENGTH) throw invalidToken(kind)
  try {
    const { kid } = decodeProtectedHeader(token)
    const key = keys.find(candidate => candidate.kid === kid)
    if (!key) throw invalidToken(kind)
    const { payload } = await jwtVerify(token, await importJWK(key, TOKEN_ALGORITHM), {
      algorithms: [TOKEN_ALGORITHM],
      typ: kind.typ,
      issuer: kind.issuer,
      requiredClaims: [...kind.requiredClaims],
      clockTolerance: CLOCK_LEEWAY_S,
      currentDate: new Date(atMs),
    })
    return payload
  } catch (thrown) {
    if (thrown instanceof HandholdError) throw thrown
    if (thrown instanceof errors.JWTExpired)
      throw new HandholdError(kind.expired.code, kind.expired.message, { cause: thrown })
    throw invalidToken(kind, thrown)
  }
}

export const invalidToken = (kind: TokenKind, cause?: unknown): HandholdError =>
  new HandholdError(kind.invalid.code, kind.invalid.message, { cause })
