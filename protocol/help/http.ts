import { z } from 'zod'
import { deviceIdSchema, helpIdSchema } from '../ids.ts'
import { HELP_WORDS_MAX } from '../limits.ts'
import { displayLine } from '../text.ts'
import { HELP_CODE } from './wire.ts'

const epochMs = z.number().int().nonnegative()

/** Who asked, where, and in which words: their own, so nothing is decided by them. */
const helpFacts = {
  deviceId: deviceIdSchema,
  deviceName: displayLine(64),
  who: displayLine(80),
  words: displayLine(HELP_WORDS_MAX),
  askedAtMs: epochMs,
}

/** GET /v1/help: the people who wait, the longest first. */
const helpWaitingSchema = z.object({ id: helpIdSchema, ...helpFacts, online: z.boolean(), untilMs: epochMs })
export type HelpWaiting = z.infer<typeof helpWaitingSchema>
export const helpQueueReplySchema = z.object({ waiting: z.array(helpWaitingSchema).max(200) })

/** POST /v1/help/code: as it was heard, so blanks and dashes are left out. */
export const helpCodeBodySchema = z.strictObject({
  code: z
    .string()
    .max(30)
    .transform(text => text.replace(/[\s.-]/g, ''))
    .pipe(z.string().regex(HELP_CODE, 'nine digits')),
})

/** The answer to a right code, and to POST /v1/help/:helpId/take: whose device it is. A session with it is asked for like any other. */
export const helpTakenReplySchema = z.object(helpFacts)
export type HelpTaken = z.infer<typeof helpTakenReplySchema>
