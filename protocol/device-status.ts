import { z } from 'zod'

/** `pending` waits for an administrator's approval, `quarantined` for their release; neither is told anything and no session reaches it. */
export const deviceStatusSchema = z.enum(['pending', 'active', 'quarantined'])
export type DeviceStatus = z.infer<typeof deviceStatusSchema>

/** Why a device is quarantined. */
export const quarantineReasonSchema = z.enum(['administrator', 'token-revoked', 'cloned', 'state-rolled-back'])
export type QuarantineReason = z.infer<typeof quarantineReasonSchema>
