import { z } from 'zod'
import { CHAT_KEPT_MAX, CHAT_TEXT_MAX } from '#protocol/limits.ts'
import { displayText } from '#protocol/text.ts'

export const CHAT_SIDES = ['operator', 'person'] as const
export type ChatSide = (typeof CHAT_SIDES)[number]

const side = z.enum(CHAT_SIDES)
const id = z.number().int().positive()

/** One line of the file of a chat, in the order in which things happened. */
export const chatLineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('said'), by: side, id, text: displayText(CHAT_TEXT_MAX), atMs: z.number().int() }),
  /** The other side had what this side said. */
  z.object({ kind: z.literal('arrived'), by: side, id }),
])
export type ChatLine = z.infer<typeof chatLineSchema>

export interface ChatEntry {
  readonly by: ChatSide
  readonly text: string
  /** Epoch ms, by the device's clock. */
  readonly atMs: number
  readonly isReceived: boolean
}

/** What was written, of a file that may end in the middle of a line. Lines that aren't in form are left out. */
export function entriesIn(file: string): ChatEntry[] {
  const lines = file.split('\n').flatMap(text => parse(text) ?? [])
  const key = ({ by, id: number }: ChatLine) => `${by} ${number}`
  const arrived = new Set(lines.filter(({ kind }) => kind === 'arrived').map(key))
  return lines
    .filter(line => line.kind === 'said')
    .slice(0, CHAT_KEPT_MAX)
    .map(line => ({ by: line.by, text: line.text, atMs: line.atMs, isReceived: arrived.has(key(line)) }))
}

function parse(text: string): ChatLine | undefined {
  try {
    return chatLineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
