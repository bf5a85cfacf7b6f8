import { z } from 'zod'
import { sessionIdSchema } from '../ids.ts'
import { TURN_CREDENTIALS_PER_END } from '../limits.ts'

const opaque = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/)

/** One end's right to the relay's TURN, for one session. Opaque, and good for nothing else. */
export const turnCredentialSchema = z.object({ username: opaque, password: opaque })
export type TurnCredential = z.infer<typeof turnCredentialSchema>

/** How an end may reach the other. TURN is at the relay's own address, which each end knows by itself: nobody can send it elsewhere. */
export const pathsSchema = z.object({
  credentials: z.array(turnCredentialSchema).max(TURN_CREDENTIALS_PER_END),
  /** Everything goes through the relay; no socket but the connections to it is opened. */
  onlyRelay: z.boolean(),
})
export type Paths = z.infer<typeof pathsSchema>

/** Before the first signal of a connection, and again while the session lives; the newest counts for connections that are made from then on. */
export const pathsMessage = z.object({
  type: z.literal('session.paths'),
  sessionId: sessionIdSchema,
  paths: pathsSchema,
})
