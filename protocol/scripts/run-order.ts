import { base64url } from 'jose'
import { z } from 'zod'
import { organisationIdSchema, scriptRunIdSchema, userIdSchema } from '../ids.ts'
import { sealPublicJwkSchema } from '../keys.ts'
import { displayLine } from '../text.ts'
import type { StatementKind } from '../trust/signed.ts'
import { RUN_DEVICES_MAX, RUN_TIME_LIMIT_MAX_S, RUN_WAIT_MAX_MS } from './limits.ts'
import { scriptDefinitionSchema, scriptDigestSchema, scriptValuesSchema } from './script.ts'

const ORDER_MAX_LENGTH = 32_000
const MARK_LENGTH = 22
const runReasonSchema = displayLine(200).refine(line => line.length > 0, 'say why')
const epochMs = z.number().int().nonnegative()

/**
 * By the key of an operator's app: which script, with which values, on which devices, until when, and for whom its output is sealed. Each device checks it, so
 * that a relay can run nothing that nobody ordered, and can't have the output sealed for itself.
 */
const runOrderClaimsSchema = z
  .object({
    version: z.literal(1),
    runId: scriptRunIdSchema,
    organisationId: organisationIdSchema,
    operatorId: userIdSchema,
    digest: scriptDigestSchema,
    tool: scriptDefinitionSchema.shape.tool,
    values: scriptValuesSchema,
    /** Why, for whoever is asked about it. */
    reason: runReasonSchema,
    timeLimitS: z.number().int().min(1).max(RUN_TIME_LIMIT_MAX_S),
    sealKey: sealPublicJwkSchema,
    /** A mark for each device: one finds itself in it and learns of no other. */
    devices: z
      .array(z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${MARK_LENGTH}}$`)))
      .min(1)
      .max(RUN_DEVICES_MAX),
    issuedAtMs: epochMs,
    expiresAtMs: epochMs,
  })
  .refine(({ issuedAtMs, expiresAtMs }) => expiresAtMs - issuedAtMs <= RUN_WAIT_MAX_MS, 'valid for too long')
export type RunOrder = z.infer<typeof runOrderClaimsSchema>

export const RUN_ORDER: StatementKind<RunOrder> = {
  typ: 'handhold-run-order+jws',
  claims: runOrderClaimsSchema,
  maxLength: ORDER_MAX_LENGTH,
}
export const runOrderTextSchema = z.string().min(1).max(ORDER_MAX_LENGTH)

/** How an order names a device. */
export async function deviceMark(runId: string, deviceId: string): Promise<string> {
  const bytes = new TextEncoder().encode(`handhold-run-device-1\n${runId}\n${deviceId}`)
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))).slice(0, MARK_LENGTH)
}
