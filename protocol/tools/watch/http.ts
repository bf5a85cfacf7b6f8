import { z } from 'zod'
import { sessionIdSchema } from '../../ids.ts'
import { ed25519PublicJwkSchema, nonceSchema, sealPublicJwkSchema } from '../../keys.ts'
import { displayLine } from '../../text.ts'
import { userViewSchema } from '../../wire/views.ts'
import { toolSchema } from '../tools.ts'

const watchViewSchema = z.object({
  sessionId: sessionIdSchema,
  deviceName: displayLine(64),
  operator: userViewSchema,
  reason: displayLine(200),
  /** What the second person is wanted for. */
  tools: z.array(toolSchema).min(1),
  /** Who watches now, if somebody does. */
  watcher: displayLine(120).nullable(),
})
export type WatchView = z.infer<typeof watchViewSchema>

/** GET /v1/watches: sessions of others whose tools want a second person, and this person may be it. */
export const watchesReplySchema = z.object({ watches: z.array(watchViewSchema).max(200) })

/** POST /v1/sessions/:sessionId/watch; DELETE ends it. */
export const watchBodySchema = z.strictObject({ key: ed25519PublicJwkSchema, sealKey: sealPublicJwkSchema })
export const watchReplySchema = z.object({ watch: watchViewSchema, agentNonce: nonceSchema })
