import { CHAT_KEPT_MAX } from '../limits.ts'
import type { ChatMessage } from './chat.ts'

export interface ChatEntry {
  readonly isOwn: boolean
  readonly id: number
  readonly text: string
  /** Epoch ms, by the clock of the program that keeps it. */
  readonly atMs: number
  /** Of one's own: the other side has it. */
  readonly isReceived: boolean
}

/** One side's view of a session's chat. */
export interface ChatLog {
  readonly entries: readonly ChatEntry[]
  /** The other side is writing. */
  readonly isTyping: boolean
}

export const EMPTY_CHAT: ChatLog = { entries: [], isTyping: false }

const isFull = (log: ChatLog) => log.entries.length >= CHAT_KEPT_MAX

/** What one writes oneself. Returns undefined where no more is taken. */
export function write(log: ChatLog, text: string, atMs: number): { log: ChatLog; message: ChatMessage } | undefined {
  if (isFull(log)) return undefined
  const id = log.entries.filter(({ isOwn }) => isOwn).length + 1
  const entry: ChatEntry = { isOwn: true, id, text, atMs, isReceived: false }
  return { log: { ...log, entries: [...log.entries, entry] }, message: { type: 'message', id, text } }
}

/** What the other side said. `reply` is for them: without it the message wasn't taken, or was none. */
export function hear(log: ChatLog, message: ChatMessage, atMs: number): { log: ChatLog; reply?: ChatMessage } {
  if (message.type === 'typing') return { log: { ...log, isTyping: message.isTyping } }
  if (message.type === 'received')
    return {
      log: {
        ...log,
        entries: log.entries.map(entry =>
          entry.isOwn && entry.id === message.id ? { ...entry, isReceived: true } : entry,
        ),
      },
    }
  const { id, text } = message
  const isKnown = log.entries.some(entry => !entry.isOwn && entry.id === id)
  if (!isKnown && isFull(log)) return { log }
  const entry: ChatEntry = { isOwn: false, id, text, atMs, isReceived: true }
  return {
    // Said again, because its answer was lost: it stands there once.
    log: { entries: isKnown ? log.entries : [...log.entries, entry], isTyping: false },
    reply: { type: 'received', id },
  }
}
