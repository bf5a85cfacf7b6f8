import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ChatMessage } from '#protocol/peer/chat.ts'
import { type ChatLog, EMPTY_CHAT, hear, write } from '#protocol/peer/chat-log.ts'

export interface SessionChat extends ChatLog {
  /** Heard since the chat was looked at. */
  readonly unread: number
}

export type ChatStore = StoreApi<Readonly<Record<string, SessionChat>>>

const NO_CHAT: SessionChat = { ...EMPTY_CHAT, unread: 0 }

/** The chats of all tabs. One outlives its connection, and goes with its tab. */
export interface Chats {
  readonly store: ChatStore
  /** Returns what to answer. */
  hear(ticket: string, message: ChatMessage): ChatMessage | undefined
  /** Returns what to send; undefined where the chat is full. */
  write(ticket: string, text: string): ChatMessage | undefined
  markRead(ticket: string): void
  keepOnly(tickets: ReadonlySet<string>): void
}

export function createChats(nowMs: () => number): Chats {
  const store: ChatStore = createStore(() => ({}))
  const of = (ticket: string) => store.getState()[ticket] ?? NO_CHAT
  return {
    store,
    hear(ticket, message) {
      const before = of(ticket)
      const { log, reply } = hear(before, message, nowMs())
      const unread = before.unread + log.entries.length - before.entries.length
      store.setState({ [ticket]: { ...log, unread } })
      return reply
    },
    write(ticket, text) {
      const written = write(of(ticket), text, nowMs())
      if (written) store.setState({ [ticket]: { ...written.log, unread: of(ticket).unread } })
      return written?.message
    },
    markRead(ticket) {
      const chat = of(ticket)
      if (chat.unread > 0) store.setState({ [ticket]: { ...chat, unread: 0 } })
    },
    keepOnly(tickets) {
      store.setState(Object.fromEntries(Object.entries(store.getState()).filter(([key]) => tickets.has(key))), true)
    },
  }
}
