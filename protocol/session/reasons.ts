import { z } from 'zod'

/** Why a session ended: exactly one of these. */
export const END_REASONS = [
  'user-ended',
  'operator-ended',
  'admin-ended',
  'denied',
  'consent-timeout',
  'idle',
  'expired',
  'link-lost',
  'policy-revoked',
  'agent-failed',
] as const

export const endReasonSchema = z.enum(END_REASONS)
export type EndReason = z.infer<typeof endReasonSchema>
