import { base64url } from 'jose'
import { z } from 'zod'
import { SALT_BYTES } from './password-key.ts'

const fixed = (bytes: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`))

/** Keys, proofs and salts as they travel: base64url of a fixed length. */
export const proofBytesSchema = fixed(32)
export const saltSchema = fixed(SALT_BYTES)

export const toText = (bytes: Uint8Array): string => base64url.encode(bytes)
export const toBytes = (text: string): Uint8Array => base64url.decode(text)
