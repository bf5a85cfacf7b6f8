import { z } from 'zod'
import { ed25519PublicJwkSchema } from './keys.ts'
import { proofSchema } from './proof.ts'
import { displayLine } from './text.ts'
import { ORDERS_MAX } from './trust/strict/limits.ts'
import { operatorCertificateTextSchema } from './trust/strict/operator-certificate.ts'
import { organisationOrderTextSchema } from './trust/strict/organisation-order.ts'
import { userViewSchema } from './wire/views.ts'

/** Bodies of the routes about the organisation's key and what it certified. Nobody believes the relay: each text is checked by whoever reads it. */
const epochMs = z.number().int()
/** Apps of one person. */
export const OPERATOR_KEYS_MAX = 10

const operatorKeyViewSchema = z.object({
  key: ed25519PublicJwkSchema,
  /** What the app calls the computer that it runs on. */
  computer: displayLine(64),
  registeredAtMs: epochMs,
  certificate: operatorCertificateTextSchema.nullable(),
})
export type OperatorKeyView = z.infer<typeof operatorKeyViewSchema>

/** Hand-overs, oldest first, and the newest order. */
const orders = z.array(organisationOrderTextSchema).max(ORDERS_MAX)

/** GET /v1/me/operator-keys */
export const ownOperatorKeysReplySchema = z.object({
  orders,
  keys: z.array(operatorKeyViewSchema).max(OPERATOR_KEYS_MAX),
})

/** POST /v1/me/operator-keys. `proof` is of kind `operatorKey`. Once more for a known key changes nothing. */
export const operatorKeyBodySchema = z.strictObject({
  key: ed25519PublicJwkSchema,
  proof: proofSchema,
  computer: displayLine(64),
})

/** GET /v1/organisation-trust */
export const organisationTrustReplySchema = z.object({
  orders,
  keys: z.array(operatorKeyViewSchema.extend({ operator: userViewSchema })).max(5_000),
})

/** POST /v1/organisation-trust/orders */
export const organisationOrderBodySchema = z.strictObject({ order: organisationOrderTextSchema })

/** POST /v1/organisation-trust/certificates */
export const operatorCertificateBodySchema = z.strictObject({ certificate: operatorCertificateTextSchema })
