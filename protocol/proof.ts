import { type CompactJWSHeaderParameters, CompactSign, type CryptoKey, compactVerify, importJWK } from 'jose'
import { z } from 'zod'
import { HandholdError } from './errors.ts'
import { deviceIdSchema, organisationIdSchema, sessionIdSchema, userIdSchema } from './ids.ts'
import {
  type Ed25519PublicJwk,
  ed25519PublicJwkSchema,
  nonceSchema,
  sealPublicJwkSchema,
  thumbprintOf,
} from './keys.ts'
import { runResultClaimsSchema } from './scripts/run-result.ts'
import { transcriptClaimsSchema } from './trust/transcript.ts'

/** Proofs of possession: compact JWS, EdDSA, each kind with its own `typ`, so that none is good for another's place. */
const PROOF_MAX_LENGTH = 2048

const joinClaims = z.object({ sessionId: sessionIdSchema, deviceId: deviceIdSchema, agentNonce: nonceSchema })
const grantClaims = z.object({
  sessionId: sessionIdSchema,
  agentNonce: nonceSchema,
  grantId: z.string().min(16).max(64),
})
const watchClaims = z.object({
  sessionId: sessionIdSchema,
  agentNonce: nonceSchema,
  count: z.number().int().min(1),
  /** Of each helper the last part that arrived with all before it. */
  seen: z.object({ elevated: z.number().int().min(0), user: z.number().int().min(0) }),
})
const deviceClaims = z.object({ deviceId: deviceIdSchema, nonce: nonceSchema })
const sealClaims = z.object({ deviceId: deviceIdSchema, key: sealPublicJwkSchema })
const operatorKeyClaims = z.object({
  operatorId: userIdSchema,
  organisationId: organisationIdSchema,
  key: ed25519PublicJwkSchema,
})
const enrolClaims = z.object({ tokenHash: nonceSchema, key: ed25519PublicJwkSchema })

const PROOFS = {
  /** The operator's session key, over the nonce that the agent made for this session. */
  join: { typ: 'handhold-join+jws', claims: joinClaims },
  /** The operator's session key, over a tool's grant and the nonce of the session that it is for. */
  grant: { typ: 'handhold-grant+jws', claims: grantClaims },
  /** The key of a second person's app, again and again while they look. */
  watch: { typ: 'handhold-watch+jws', claims: watchClaims },
  /** The device's key, over the nonce of the relay's hello. */
  device: { typ: 'handhold-device+jws', claims: deviceClaims },
  /** The device's key, over the SHA-256 of the enrolment token that it comes with. */
  enrol: { typ: 'handhold-enrol+jws', claims: enrolClaims },
  /** The long-lived key of an operator's app, over whose it is. */
  operatorKey: { typ: 'handhold-operator-key+jws', claims: operatorKeyClaims },
  /** The device's key, over how a script ended there and what it printed. */
  run: { typ: 'handhold-run+jws', claims: runResultClaimsSchema },
  /** The operator's session key, over the key that the one-time password is to be sealed for. */
  seal: { typ: 'handhold-seal+jws', claims: sealClaims },
  /** The device's key, or the operator's session key, over what that end sees of the connection. */
  transcript: { typ: 'handhold-transcript+jws', claims: transcriptClaimsSchema },
} as const

export type ProofKind = keyof typeof PROOFS
export type ProofClaims<K extends ProofKind> = z.infer<(typeof PROOFS)[K]['claims']>

export const proofSchema = z.string().min(1).max(PROOF_MAX_LENGTH)

/** Signs `claims` with an Ed25519 private key. The public half travels in the header. */
export async function signProof<K extends ProofKind>(
  kind: K,
  claims: ProofClaims<K>,
  privateKey: CryptoKey,
  publicKey: Ed25519PublicJwk,
): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  const { kty, crv, x } = publicKey
  return new CompactSign(payload)
    .setProtectedHeader({ alg: 'EdDSA', typ: PROOFS[kind].typ, jwk: { kty, crv, x } })
    .sign(privateKey)
}

/**
 * The claims of a proof signed by the key whose RFC 7638 thumbprint is `thumbprint`.
 * Throws `pass-key-mismatch` for another key and `proof-invalid` for anything else; the caller compares the claims with what it expects.
 */
export async function verifyProof<K extends ProofKind>(
  kind: K,
  proof: string,
  thumbprint: string,
): Promise<ProofClaims<K>> {
  const { typ, claims: schema } = PROOFS[kind]
  try {
    if (proof.length > PROOF_MAX_LENGTH) throw invalid()
    const { payload, protectedHeader } = await compactVerify(
      proof,
      async header => importJWK(await expectedKey(header, thumbprint), 'EdDSA'),
      { algorithms: ['EdDSA'] },
    )
    if (protectedHeader.typ !== typ) throw invalid()
    return schema.parse(JSON.parse(new TextDecoder().decode(payload))) as ProofClaims<K>
  } catch (thrown) {
    if (thrown instanceof HandholdError) throw thrown
    throw invalid(thrown)
  }
}

async function expectedKey(header: CompactJWSHeaderParameters | undefined, thumbprint: string) {
  const key = ed25519PublicJwkSchema.parse(header?.jwk)
  if ((await thumbprintOf(key)) !== thumbprint) {
    throw new HandholdError('pass-key-mismatch', 'The proof was made with another key than the one that was named.')
  }
  return key
}

function invalid(cause?: unknown): HandholdError {
  return new HandholdError('proof-invalid', 'The proof of possession is not valid.', { cause })
}
