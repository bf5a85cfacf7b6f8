import { z } from 'zod'
import { passIdSchema } from '../ids.ts'
import { TOKEN_MAX_LENGTH } from './token.ts'

/** A pass and a little around it. A larger file is none. */
export const PASS_FILE_MAX_BYTES = 8 * 1024
export const PASS_FILE_ENDING = '.handhold'

/** An access pass as a file. Whoever has the file has nothing without the key that the pass names. */
export const passFileSchema = z.strictObject({
  handhold: z.literal('access-pass'),
  version: z.literal(1),
  /** For which relay it is. Never where the app goes: it goes where its person is signed in. */
  relay: z.string().max(300),
  pass: z.string().min(1).max(TOKEN_MAX_LENGTH),
})
export type PassFile = z.infer<typeof passFileSchema>

const LINK_START = 'handhold://pass/'

/** An access pass as a link: an id that only the relay can make a pass of, for the person whose pass it is. */
export const passLinkOf = (passId: string): string => `${LINK_START}${passId}`

/** The id in a link; undefined for everything that is not exactly such a link. */
export function readPassLink(link: string): string | undefined {
  if (!link.startsWith(LINK_START)) return undefined
  // Some systems put a slash at the end of what they hand on.
  return passIdSchema.safeParse(link.slice(LINK_START.length).replace(/\/$/, '')).data
}
