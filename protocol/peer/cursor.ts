import { z } from 'zod'

const side = z.number().int().min(0).max(128)

/** The shape, drawn by the operator's own pointer at once. Larger shapes are scaled down by the agent. */
export const cursorShapeSchema = z.object({
  type: z.literal('shape'),
  width: side,
  height: side,
  hotspotX: side,
  hotspotY: side,
  /** width × height × 4 bytes R, G, B, A, not premultiplied, raw deflate (RFC 1951), base64. */
  rgbaDeflated: z.string().max(12 * 1024),
})
export type CursorShapeMessage = z.infer<typeof cursorShapeSchema>

const coordinate = z.number().int().min(0).max(32_767)

/** Where the device's pointer is, in pixels of the shown display. Sent when something else than this operator's own movement brought it there. */
const cursorPositionSchema = z.object({ type: z.literal('position'), x: coordinate, y: coordinate })

/** Agent → operator, JSON on `cursor`. */
export const cursorMessageSchema = z.discriminatedUnion('type', [cursorShapeSchema, cursorPositionSchema])
export type CursorMessage = z.infer<typeof cursorMessageSchema>
