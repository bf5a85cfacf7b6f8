import { z } from 'zod'
import { sessionIdSchema } from '../../ids.ts'
import { proofSchema } from '../../proof.ts'
import { TOKEN_MAX_LENGTH } from '../../trust/token.ts'
import { shownSchema } from './shown.ts'

/** Operator app → relay: the second person looks, at this moment. */
export const watchBeatMessage = z.object({
  type: z.literal('watch.beat'),
  sessionId: sessionIdSchema,
  proof: proofSchema,
})

/** Relay → agent: a beat, with the relay's word for its author. */
export const watchMessage = z.object({
  type: z.literal('session.watch'),
  sessionId: sessionIdSchema,
  statement: z.string().min(1).max(TOKEN_MAX_LENGTH),
  proof: proofSchema,
})

/** Agent → relay, and from there to the second person's app as `watch.shown`. */
export const watchedMessage = z.object({
  type: z.literal('session.watched'),
  sessionId: sessionIdSchema,
  sealed: shownSchema,
})
export const watchShownMessage = z.object({
  type: z.literal('watch.shown'),
  sessionId: sessionIdSchema,
  sealed: shownSchema,
})
