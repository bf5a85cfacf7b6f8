import { z } from 'zod'

/** What every list takes: where the page before it ended, as `nextCursor` said, and how much at most. A filter belongs to every page alike. */
export const pageQuery = {
  cursor: z.string().min(1).max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(200),
}
export const pageQuerySchema = z.strictObject(pageQuery)
export type PageQuery = z.infer<typeof pageQuerySchema>

/** What every list says beside its rows; null on its last page. */
export const pageReply = { nextCursor: z.string().nullable() }
