import { z } from 'zod'
import { endReasonSchema } from './session/reasons.ts'
import { sessionRequestSchema } from './wire/agent.ts'

/** Agent service → consent window, over the inherited process channel. */
export const serviceToConsentSchema = z.discriminatedUnion('type', [
  /** Asks the person. The service counts the time and is the one who says "no" at its end; the window only shows it. */
  z.object({ type: z.literal('ask'), request: sessionRequestSchema, armDelayMs: z.number().int().nonnegative() }),
  /** The session lives: become the banner. */
  z.object({ type: z.literal('banner'), sinceMs: z.number().int(), linkUp: z.boolean() }),
  /** The session is over; say why for a moment, then close. */
  z.object({ type: z.literal('over'), reason: endReasonSchema }),
])
export type ServiceToConsent = z.infer<typeof serviceToConsentSchema>

/** Consent window → agent service. A window that dies without an answer has answered "no". */
export const consentToServiceSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The dialog is painted on the person's display. */
  z.object({ type: z.literal('shown') }),
  z.object({ type: z.literal('answer'), accept: z.boolean() }),
  z.object({ type: z.literal('end') }),
  /** No dialog can be shown here; `message` says why. */
  z.object({ type: z.literal('failed'), message: z.string().max(500) }),
])
export type ConsentToService = z.infer<typeof consentToServiceSchema>
