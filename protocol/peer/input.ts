import { z } from 'zod'

const coordinate = z.number().int().min(0).max(32_767)
const notches = z.number().min(-100).max(100)

/** Operator → agent, JSON on `input`. Coordinates are pixels of the shown display, origin top left. */
export const inputMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pointer-move'), x: coordinate, y: coordinate }),
  z.object({
    type: z.literal('pointer-button'),
    /** As DOM `MouseEvent.button`. */
    button: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
    pressed: z.boolean(),
    x: coordinate,
    y: coordinate,
  }),
  z.object({ type: z.literal('scroll'), dx: notches, dy: notches, x: coordinate, y: coordinate }),
  /** A physical key, DOM `KeyboardEvent.code`. */
  z.object({ type: z.literal('key'), code: z.string().min(1).max(32), pressed: z.boolean() }),
  /** Characters that the operator's layout has and the device's may not. */
  z.object({ type: z.literal('text'), text: z.string().min(1).max(1000) }),
  z.object({ type: z.literal('release-all') }),
])
export type InputMessage = z.infer<typeof inputMessageSchema>
