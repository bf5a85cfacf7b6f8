import { z } from 'zod'
import { HELP_WORDS_MAX } from '../limits.ts'
import { displayLine } from '../text.ts'
import { userViewSchema } from '../wire/views.ts'

/** How somebody at a device gets an operator: by a code that they read out, or by waiting in the organisation's queue. */
const HELP_WAYS = ['code', 'queue'] as const
export const helpWaySchema = z.enum(HELP_WAYS)
export type HelpWay = z.infer<typeof helpWaySchema>

/** What the person wants, as their device tells it. Empty words and names are allowed: nobody has to explain themselves. */
export const helpWishSchema = z.object({
  way: helpWaySchema,
  words: displayLine(HELP_WORDS_MAX),
  /** Who is signed in at the device, by its own word. */
  who: displayLine(80),
})
export type HelpWish = z.infer<typeof helpWishSchema>

export const HELP_CODE = /^\d{9}$/

/** What becomes of it, for the device. Times are lengths: the two clocks may differ. */
export const helpNewsSchema = z.discriminatedUnion('news', [
  /** Said once; the relay keeps no more than a digest of it. */
  z.object({ news: z.literal('code'), code: z.string().regex(HELP_CODE), forMs: z.number().int().positive() }),
  z.object({ news: z.literal('queued'), ahead: z.number().int().min(0), forMs: z.number().int().positive() }),
  /** An operator has the code, or took it from the queue. They still have to ask. */
  z.object({ news: z.literal('taken'), operator: userViewSchema }),
])
export type HelpNews = z.infer<typeof helpNewsSchema>
