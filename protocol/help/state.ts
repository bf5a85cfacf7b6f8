import { z } from 'zod'
import { errorCodeSchema } from '../errors.ts'
import { HELP_WORDS_MAX } from '../limits.ts'
import { displayLine } from '../text.ts'
import { HELP_CODE, helpWaySchema } from './wire.ts'

/** How asking for help stands at the device itself. Times are the device's own, epoch ms. */
export const helpStateSchema = z.discriminatedUnion('phase', [
  /** Nothing is asked for. */
  z.object({ phase: z.literal('idle') }),
  z.object({ phase: z.literal('asking') }),
  z.object({ phase: z.literal('code'), code: z.string().regex(HELP_CODE), untilMs: z.number() }),
  z.object({ phase: z.literal('queued'), ahead: z.number().int().min(0), untilMs: z.number() }),
  /** Somebody comes; they still have to ask. */
  z.object({ phase: z.literal('taken'), operator: displayLine(80) }),
  /** Nobody came in time. */
  z.object({ phase: z.literal('over') }),
  z.object({ phase: z.literal('failed'), problem: errorCodeSchema }),
])
export type HelpState = z.infer<typeof helpStateSchema>

/** What the person says, in the window or at the command line. */
export const helpWordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('help-ask'), way: helpWaySchema, words: displayLine(HELP_WORDS_MAX) }),
  z.object({ type: z.literal('help-withdraw') }),
])
export type HelpWord = z.infer<typeof helpWordSchema>
