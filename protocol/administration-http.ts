import { z } from 'zod'
import { ADMINISTRATION_CAPABILITIES } from './policy/capabilities.ts'

const rights = z.array(z.enum(ADMINISTRATION_CAPABILITIES)).max(ADMINISTRATION_CAPABILITIES.length)

/** GET /v1/me/administration: what of the organisation this person runs, so that an app shows them no page that the relay would refuse. */
export const administrationReplySchema = z.object({
  /** People, sign-in and API keys. */
  administrator: z.boolean(),
  /** Rights that they have in at least one group. */
  somewhere: rights,
  /** Rights that they have in the topmost group, and so everywhere. */
  everywhere: rights,
  /** Runs scripts on the devices of at least one group, or agrees to it. */
  scripts: z.boolean(),
})
export type Administration = z.infer<typeof administrationReplySchema>
