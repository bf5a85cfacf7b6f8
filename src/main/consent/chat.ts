import type { ChatView } from '#ipc/consent-chat.ts'
import { HandholdError } from '#protocol/errors.ts'
import type { ChatMessage } from '#protocol/peer/chat.ts'
import { type ChatLog, EMPTY_CHAT, hear, write } from '#protocol/peer/chat-log.ts'

/** The window shows the newest; the service keeps all. */
const SHOWN_MAX = 100

export interface ChatParts {
  nowMs(): number
  /** As for the answer of the question: what stands in the chat as the person's word was written by them. */
  requireOwnHand(): Promise<void>
  tellService(message: ChatMessage): void
  show(view: ChatView): void
  /** The window makes room for the chat, or takes it back. */
  makeRoom(isOpen: boolean): void
}

/** The person's half of a session's chat. */
export class ConsentChat {
  readonly #parts: ChatParts
  #log: ChatLog = EMPTY_CHAT
  #isOpen = false
  #unread = 0

  constructor(parts: ChatParts) {
    this.#parts = parts
  }

  handleService(message: ChatMessage): void {
    const { log, reply } = hear(this.#log, message, this.#parts.nowMs())
    if (log.entries.length > this.#log.entries.length && !this.#isOpen) this.#unread++
    this.#log = log
    if (reply) this.#parts.tellService(reply)
    this.#show()
  }

  async say(text: string): Promise<void> {
    await this.#parts.requireOwnHand()
    const written = write(this.#log, text, this.#parts.nowMs())
    if (!written) throw new HandholdError('rate-limited', 'This chat is full.')
    this.#log = written.log
    this.#parts.tellService(written.message)
    this.#show()
  }

  typing(isTyping: boolean): void {
    this.#parts.tellService({ type: 'typing', isTyping })
  }

  open(isOpen: boolean): void {
    if (isOpen === this.#isOpen) return
    this.#isOpen = isOpen
    this.#unread = 0
    this.#parts.makeRoom(isOpen)
    this.#show()
  }

  get #view(): ChatView {
    const { entries, isTyping } = this.#log
    return { isOpen: this.#isOpen, unread: this.#unread, isTyping, entries: entries.slice(-SHOWN_MAX) }
  }

  #show(): void {
    this.#parts.show(this.#view)
  }
}
