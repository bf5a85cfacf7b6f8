import { calculateJwkThumbprint } from 'jose'
import { z } from 'zod'

const base64url = (length: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${length}}$`))

/** The public half of an Ed25519 key as JWK (RFC 8037). Unknown members are dropped, so a private half can't ride along. */
export const ed25519PublicJwkSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url(43) })
export type Ed25519PublicJwk = z.infer<typeof ed25519PublicJwkSchema>

/** With its private half, for whoever keeps one. */
export const ed25519PrivateJwkSchema = ed25519PublicJwkSchema.extend({ d: base64url(43) })

/** The public half of an X25519 key as JWK (RFC 8037), for what is sealed for its owner. */
export const sealPublicJwkSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: base64url(43) })
export type SealPublicJwk = z.infer<typeof sealPublicJwkSchema>
export const sealPrivateJwkSchema = sealPublicJwkSchema.extend({ d: base64url(43) })

/** A relay's public key for access passes, found by `kid`. */
export const passVerificationKeySchema = ed25519PublicJwkSchema.extend({ kid: z.string().min(1).max(64) })
export type PassVerificationKey = z.infer<typeof passVerificationKeySchema>

export const thumbprintSchema = base64url(43)
export const nonceSchema = base64url(43)

/** RFC 7638 thumbprint, SHA-256, base64url. */
export function thumbprintOf(key: Ed25519PublicJwk): Promise<string> {
  return calculateJwkThumbprint({ kty: key.kty, crv: key.crv, x: key.x }, 'sha256')
}
