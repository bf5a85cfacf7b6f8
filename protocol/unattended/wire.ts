import { z } from 'zod'
import { sealPublicJwkSchema } from '../keys.ts'
import { SESSION_DURATION_MS } from '../limits.ts'
import { proofSchema } from '../proof.ts'
import { displayLine } from '../text.ts'
import { proofBytesSchema, saltSchema } from './bytes.ts'
import { sealedSchema } from './seal.ts'

/** The key that the operator app takes the password with, and the session key's word for it. */
export const sealKeySchema = z.strictObject({ key: sealPublicJwkSchema, proof: proofSchema })
export type SealKey = z.infer<typeof sealKeySchema>

export const otpDeliverySchema = z.enum(['operator', 'kiosk'])

/** What the relay tells the agent of an unattended session beside who, what and why. */
export const unattendedOrderSchema = z.object({
  sealKey: sealKeySchema,
  delivery: otpDeliverySchema,
  /** What becomes of the desktop when the session is over. */
  endLock: z.enum(['off', 'lock', 'sign-out']),
  /** The longest that the operator may be in. A relay that says more than any session may last is not believed. */
  lengthMs: z.number().int().positive().max(SESSION_DURATION_MS),
  /** While somebody is in, the kiosk's own display says so and shows nothing else. */
  maintenanceScreen: z.boolean().optional(),
  /** While somebody is in, the kiosk's own mouse and keyboard do nothing. */
  blockLocalInput: z.boolean().optional(),
  /** A device without a display makes one for the session. */
  virtualDisplay: z.boolean().optional(),
  /** Who agreed to it, where the policy wants that. */
  approvedBy: displayLine(80).nullable(),
})
export type UnattendedOrder = z.infer<typeof unattendedOrderSchema>

/** With `otp-issued`: what the operator app needs to prove the password. `sealed` is null where the kiosk's own screen shows it. */
export const otpOfferSchema = z.object({ salt: saltSchema, sealed: sealedSchema.nullable() })
export type OtpOffer = z.infer<typeof otpOfferSchema>

/** With `session.join`: the proof of the password at first, of the resume key from then on. */
export const joinSecretSchema = z.strictObject({ kind: z.enum(['password', 'resume']), proof: proofBytesSchema })
export type JoinSecret = z.infer<typeof joinSecretSchema>
