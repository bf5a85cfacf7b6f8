import { z } from 'zod'

const side = z.number().int().min(0).max(128)

/** Agent → operator, JSON on `cursor`: the shape, drawn by the operator's own pointer at once. Larger shapes are scaled down by the agent. */
export const cursorMessageSchema = z.object({
  type: z.literal('shape'),
  width: side,
  height: side,
  hotspotX: side,
  hotspotY: side,
  /** width × height × 4 bytes R, G, B, A, not premultiplied, raw deflate (RFC 1951), base64. */
  rgbaDeflated: z.string().max(12 * 1024),
})
export type CursorMessage = z.infer<typeof cursorMessageSchema>
