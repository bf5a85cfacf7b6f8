import { z } from 'zod'
import { CHAT_TEXT_MAX } from '../limits.ts'
import { displayText } from '../text.ts'

/** Counted by whoever writes. */
const id = z.number().int().min(1).max(1_000_000)

/** On `chat`, both ways, JSON. */
export const chatMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    id,
    text: displayText(CHAT_TEXT_MAX).refine(text => text !== '', 'says nothing'),
  }),
  /** The message with this id is on the other side's screen, or in its open window. */
  z.object({ type: z.literal('received'), id }),
  z.object({ type: z.literal('typing'), isTyping: z.boolean() }),
])
export type ChatMessage = z.infer<typeof chatMessageSchema>
