import { z } from 'zod'

/** Why a session began without the person's answer: they were there and weren't asked, nobody was, or they couldn't see a question. */
export const UNASKED_CAUSES = ['skip-consent', 'nobody-signed-in', 'screen-locked'] as const
export const unaskedCauseSchema = z.enum(UNASKED_CAUSES)
export type UnaskedCause = z.infer<typeof unaskedCauseSchema>

/**
 * What the policy says of a session that begins without an answer; what is absent is refused. It is half of a permission: the device's own configuration
 * has to name the same cause, so that a relay alone gets past nobody.
 */
export const unaskedRulesSchema = z.object({
  /** The operator asked for it and has the right to. */
  skipConsent: z.literal(true).optional(),
  /** `login-screen`: until somebody signs in. */
  nobodySignedIn: z.enum(['allow', 'login-screen']).optional(),
  /** `wait`: the question stands its time, for somebody who unlocks the screen; it lets nobody in. */
  screenLocked: z.enum(['allow', 'wait']).optional(),
})
export type UnaskedRules = z.infer<typeof unaskedRulesSchema>
