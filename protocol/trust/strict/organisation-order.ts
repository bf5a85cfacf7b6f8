import { z } from 'zod'
import { organisationIdSchema, userIdSchema } from '../../ids.ts'
import { ed25519PublicJwkSchema } from '../../keys.ts'
import type { StatementKind } from '../signed.ts'
import { ORDER_LIFE_MAX_MS, REVOKED_MAX } from './limits.ts'

const ORDER_MAX_LENGTH = 13_000
const epochMs = z.number().int().nonnegative()

/**
 * What the organisation's key says to every device: whether only certified operators come in, who no longer does, and which key speaks from here on. Each
 * stands in place of all before it, by its number.
 */
export const organisationOrderClaimsSchema = z
  .object({
    version: z.literal(1),
    organisationId: organisationIdSchema,
    sequence: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
    strict: z.boolean(),
    /** The hand-over to another key; null: the signer's goes on. */
    nextKey: ed25519PublicJwkSchema.nullable(),
    /** Operators, each with the time before which their certificates are worth nothing. By person, so that no certificate can be kept from the list. */
    revoked: z.array(z.tuple([userIdSchema, epochMs])).max(REVOKED_MAX),
    issuedAtMs: epochMs,
    validUntilMs: epochMs,
  })
  .refine(({ issuedAtMs, validUntilMs }) => validUntilMs - issuedAtMs <= ORDER_LIFE_MAX_MS, 'valid for too long')
export type OrganisationOrder = z.infer<typeof organisationOrderClaimsSchema>

export const ORGANISATION_ORDER: StatementKind<OrganisationOrder> = {
  typ: 'handhold-organisation-order+jws',
  claims: organisationOrderClaimsSchema,
  maxLength: ORDER_MAX_LENGTH,
}
export const organisationOrderTextSchema = z.string().min(1).max(ORDER_MAX_LENGTH)
