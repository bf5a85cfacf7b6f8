import { z } from 'zod'
import { ed25519PublicJwkSchema } from '../../keys.ts'
import { scopesSchema } from '../../session/scopes.ts'
import { organisationViewSchema, userViewSchema } from '../../wire/views.ts'
import type { StatementKind } from '../signed.ts'
import { CERTIFICATE_LIFE_MAX_MS } from './limits.ts'

const CERTIFICATE_MAX_LENGTH = 3_000
const epochMs = z.number().int().nonnegative()

/** By the organisation's key: whose this key of an operator's app is, for how long, and the most that they may ask for. */
export const operatorCertificateClaimsSchema = z
  .object({
    version: z.literal(1),
    organisation: organisationViewSchema,
    operator: userViewSchema,
    key: ed25519PublicJwkSchema,
    scopes: scopesSchema,
    /** Whether sessions without a person are among it. */
    unattended: z.boolean(),
    /** Of the newest order when this was made: a device that doesn't know it yet was kept from it. */
    sequence: z.number().int().nonnegative(),
    issuedAtMs: epochMs,
    notBeforeMs: epochMs,
    expiresAtMs: epochMs,
  })
  .refine(({ issuedAtMs, expiresAtMs }) => expiresAtMs - issuedAtMs <= CERTIFICATE_LIFE_MAX_MS, 'valid for too long')
export type OperatorCertificate = z.infer<typeof operatorCertificateClaimsSchema>

export const OPERATOR_CERTIFICATE: StatementKind<OperatorCertificate> = {
  typ: 'handhold-operator-certificate+jws',
  claims: operatorCertificateClaimsSchema,
  maxLength: CERTIFICATE_MAX_LENGTH,
}
export const operatorCertificateTextSchema = z.string().min(1).max(CERTIFICATE_MAX_LENGTH)
