import { z } from 'zod'
import { CHAT_TEXT_MAX } from '#protocol/limits.ts'

const chatEntrySchema = z.object({
  isOwn: z.boolean(),
  id: z.number().int(),
  text: z.string().max(CHAT_TEXT_MAX),
  atMs: z.number(),
  isReceived: z.boolean(),
})

/** The chat as the person's window shows it. */
export const chatViewSchema = z.object({
  isOpen: z.boolean(),
  unread: z.number().int(),
  /** The operator is writing. */
  isTyping: z.boolean(),
  entries: z.array(chatEntrySchema).max(100),
})
export type ChatView = z.infer<typeof chatViewSchema>

export const CONSENT_CHAT_CALLS = {
  /** Refused with `forbidden` unless the person's own mouse or keyboard did it. */
  say: { args: z.strictObject({ text: z.string().min(1).max(CHAT_TEXT_MAX) }), result: z.void() },
  typing: { args: z.strictObject({ isTyping: z.boolean() }), result: z.void() },
  openChat: { args: z.strictObject({ isOpen: z.boolean() }), result: z.void() },
} as const
