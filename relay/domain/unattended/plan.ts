import { z } from 'zod'
import { LINGER_MS, OTP_FIRST_USE_MS } from '#protocol/limits.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import { otpDeliverySchema, otpOfferSchema, sealKeySchema, type UnattendedOrder } from '#protocol/unattended/wire.ts'
import type { SessionView } from '#protocol/wire/views.ts'

/** What the relay keeps of a session without a person, beside what it keeps of every session. A password is nowhere in it. */
export const unattendedPlanSchema = z.object({
  sealKey: sealKeySchema,
  delivery: otpDeliverySchema,
  endLock: z.enum(['off', 'lock', 'sign-out']),
  maintenanceScreen: z.boolean().default(false),
  blockLocalInput: z.boolean().default(false),
  virtualDisplay: z.boolean().default(false),
  /** Whether a second person has to agree, and who did. */
  needsApproval: z.boolean(),
  approvedBy: z.string().max(80).nullable(),
  otp: otpOfferSchema.nullable(),
  /** The device said what it took away at the end. */
  isTornDown: z.boolean(),
})
export type UnattendedPlan = z.infer<typeof unattendedPlanSchema>

/** For the device. */
export const orderOf = (plan: UnattendedPlan, lengthMs: number): UnattendedOrder => ({
  sealKey: plan.sealKey,
  delivery: plan.delivery,
  endLock: plan.endLock,
  maintenanceScreen: plan.maintenanceScreen,
  blockLocalInput: plan.blockLocalInput,
  virtualDisplay: plan.virtualDisplay,
  lengthMs,
  approvedBy: plan.approvedBy,
})

/** For the operator: the sealed password while it waits for its use, and not a moment longer. */
export const planView = (plan: UnattendedPlan, state: SessionState): NonNullable<SessionView['unattended']> => ({
  delivery: plan.delivery,
  otp: state.name === 'otp-issued' ? plan.otp : null,
})

/** Events that only a session without a person may have. */
const UNATTENDED_EVENTS = new Set<SessionEvent['type']>([
  'approval-asked',
  'approved',
  'arming',
  'otp-issued',
  'armed',
  'lingering',
])
const ATTENDED_EVENTS = new Set<SessionEvent['type']>(['consent-shown', 'consent-granted'])

/** A session with a person never becomes one without, nor the other way round. */
export const isOfOtherKind = (isUnattended: boolean, { type }: SessionEvent): boolean =>
  isUnattended ? ATTENDED_EVENTS.has(type) : UNATTENDED_EVENTS.has(type)

/** How long a device may say that its door stays open, whatever its clock shows. */
export const boundOpenUntil = (untilMs: number, kind: 'otp-issued' | 'lingering', nowMs: number): number =>
  Math.min(untilMs, nowMs + (kind === 'otp-issued' ? OTP_FIRST_USE_MS : LINGER_MS))
