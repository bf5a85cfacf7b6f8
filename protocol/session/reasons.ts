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
  /** One end could not prove to the other that nobody is between them. */
  'identity-changed',
] as const

export const endReasonSchema = z.enum(END_REASONS)
export type EndReason = z.infer<typeof endReasonSchema>

/** More than the reason says, where there is more to say: what the device found. */
const END_CAUSES = [
  'nobody-signed-in',
  'screen-locked',
  'signed-out',
  /** Somebody did, in a session that was for the sign-in screen alone. */
  'signed-in',
  'no-way-to-ask',
  'wrong-number',
  'window-closed',
  /** The banner went away without the person's having pressed anything: nobody may be watched without it. */
  'banner-gone',
  /** They have refused this operator three times, also what was asked within sessions. */
  'asked-too-often',
  /** The session that was to be joined ended before the person had answered. */
  'first-left',
] as const
export const endCauseSchema = z.enum(END_CAUSES)
export type EndCause = z.infer<typeof endCauseSchema>
