import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'

/**
 * Proofs like SCRAM's (RFC 5802), bound to one transcript: whoever keeps the stored key can check a proof and can't make one. How the first client key
 * comes out of a password is in `password-key.ts`; each next one comes out of the one before.
 */
const KEY_BYTES = 32

const text = (words: string): Uint8Array => new TextEncoder().encode(words)

/** What only the one who knows the password has. */
export const clientKeyOf = (passwordKey: Uint8Array): Uint8Array => hmac(sha256, passwordKey, text('client'))

/** What the verifier keeps. */
export const storedKeyOf = (clientKey: Uint8Array): Uint8Array => sha256(clientKey)

/** The key for coming back, which both sides have after a proof was right; the one before it is worthless from then on. */
export const resumeKeyOf = (clientKey: Uint8Array, transcript: Uint8Array): Uint8Array =>
  hmac(sha256, clientKey, new Uint8Array([...text('resume'), ...transcript]))

export const makeProof = (clientKey: Uint8Array, transcript: Uint8Array): Uint8Array =>
  mixed(clientKey, storedKeyOf(clientKey), transcript)

/** The client key out of a proof that is right for this transcript; undefined for any other, found out in the same time. */
export function openProof(storedKey: Uint8Array, proof: Uint8Array, transcript: Uint8Array): Uint8Array | undefined {
  if (proof.length !== KEY_BYTES) return undefined
  const clientKey = mixed(proof, storedKey, transcript)
  return isEqual(storedKeyOf(clientKey), storedKey) ? clientKey : undefined
}

function mixed(key: Uint8Array, storedKey: Uint8Array, transcript: Uint8Array): Uint8Array {
  const mask = hmac(sha256, storedKey, transcript)
  return key.map((byte, index) => byte ^ (mask[index] ?? 0))
}

/** Looks at every byte, whatever the first ones are. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  let difference = one.length ^ other.length
  for (let index = 0; index < KEY_BYTES; index++) difference |= (one[index] ?? 0) ^ (other[index] ?? 0)
  return difference === 0
}
