import { HandholdError } from '#protocol/errors.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { CERTIFICATE_LIFE_MAX_MS, REVOKED_MAX } from '#protocol/trust/strict/limits.ts'
import { ORGANISATION_ORDER, type OrganisationOrder } from '#protocol/trust/strict/organisation-order.ts'
import type { SeedKey } from './seed-key.ts'

/** A device that hears nothing newer for so long takes no session: nobody hides a revocation from it for longer. */
const ORDER_LIFE_MS = 30 * 24 * 60 * 60_000

export type OrderChange = Partial<Pick<OrganisationOrder, 'strict' | 'nextKey' | 'revoked'>>

/** The order after `order`, which says the same but for `change`, and lasts from now on. Throws `bad-request` while nobody knows whether it is strict. */
export async function nextOrder(options: {
  readonly by: SeedKey
  readonly order: OrganisationOrder | null
  /** Of the last that this key signed, whatever became of it. */
  readonly lastSequence: number
  readonly organisationId: string
  readonly nowMs: number
  readonly change: OrderChange
}): Promise<{ readonly text: string; readonly claims: OrganisationOrder }> {
  const { by, order, lastSequence, organisationId, nowMs, change } = options
  const strict = change.strict ?? order?.strict
  // A key that was restored doesn't know what it said last: taking "no" for granted would let everybody in.
  if (strict === undefined)
    throw new HandholdError(
      'bad-request',
      'Say first whether only certified operators come in, or everybody as the policy says.',
    )
  const claims: OrganisationOrder = {
    version: 1,
    organisationId,
    // A key that comes after a lost one counts on from there, though nobody knows where the lost one was.
    sequence: Math.max(lastSequence + 1, (order?.sequence ?? 0) + 1, Math.floor(nowMs / 1000)),
    nextKey: null,
    revoked: (order?.revoked ?? []).filter(([, beforeMs]) => beforeMs > nowMs - CERTIFICATE_LIFE_MAX_MS),
    issuedAtMs: nowMs,
    validUntilMs: nowMs + ORDER_LIFE_MS,
    ...change,
    strict,
  }
  return { claims, text: await signStatement(ORGANISATION_ORDER, claims, by.privateKey, by.publicKey) }
}

/** The list with one more person. Throws `rate-limited` when it is full. */
export function withRevoked(
  revoked: OrganisationOrder['revoked'],
  operatorId: string,
  nowMs: number,
): OrganisationOrder['revoked'] {
  const others = revoked.filter(([id, beforeMs]) => id !== operatorId && beforeMs > nowMs - CERTIFICATE_LIFE_MAX_MS)
  if (others.length >= REVOKED_MAX)
    throw new HandholdError(
      'rate-limited',
      'The list of revoked people is full. Hand the key over: then nobody old is in.',
    )
  return [...others, [operatorId, nowMs]]
}
