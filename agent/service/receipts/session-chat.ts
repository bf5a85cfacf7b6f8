import { CHAT_KEPT_MAX } from '#protocol/limits.ts'
import type { ChatMessage } from '#protocol/peer/chat.ts'
import type { ChatLine, ChatSide } from './chat-lines.ts'

export interface SessionChatParts {
  readonly nowMs: () => number
  readonly write: (line: ChatLine) => void
}

const OTHER: Readonly<Record<ChatSide, ChatSide>> = { operator: 'person', person: 'operator' }

/** What of a session's chat is kept: each message once, as many as the two windows take, and that it arrived. */
export class SessionChat {
  readonly #parts: SessionChatParts
  readonly #said = new Set<string>()
  readonly #arrived = new Set<string>()

  constructor(parts: SessionChatParts) {
    this.#parts = parts
  }

  /** `by` sends this to the other side. */
  note(by: ChatSide, message: ChatMessage): void {
    if (message.type === 'message') this.#noteSaid(by, message.id, message.text)
    else if (message.type === 'received') this.#noteArrived(OTHER[by], message.id)
  }

  #noteSaid(by: ChatSide, id: number, text: string): void {
    const key = `${by} ${id}`
    // Said again because its answer was lost.
    if (this.#said.has(key) || this.#said.size >= CHAT_KEPT_MAX) return
    this.#said.add(key)
    this.#parts.write({ kind: 'said', by, id, text, atMs: this.#parts.nowMs() })
  }

  #noteArrived(by: ChatSide, id: number): void {
    const key = `${by} ${id}`
    if (!this.#said.has(key) || this.#arrived.has(key)) return
    this.#arrived.add(key)
    this.#parts.write({ kind: 'arrived', by, id })
  }
}
