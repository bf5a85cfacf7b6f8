import { CHAT_BURST, CHAT_PER_SECOND } from '#protocol/limits.ts'
import { type ChatMessage, chatMessageSchema } from '#protocol/peer/chat.ts'
import { TokenBucket } from '#protocol/token-bucket.ts'
import type { Clock } from '../../links/clock.ts'

export interface ChatGateOptions {
  readonly clock: Clock
  readonly onMessage: (message: ChatMessage) => void
  /** What came is no message of `chat`, or one of too many. */
  readonly onRefused: () => void
}

/** The operator's side of the chat at the device: what isn't in form, and a flood, goes no further. */
export class ChatGate {
  readonly #options: ChatGateOptions
  readonly #bucket: TokenBucket

  constructor(options: ChatGateOptions) {
    this.#options = options
    this.#bucket = new TokenBucket(CHAT_PER_SECOND, CHAT_BURST, options.clock.monotonicMs())
  }

  handle(text: string): void {
    const { clock, onMessage, onRefused } = this.#options
    const nowMs = clock.monotonicMs()
    // Asked before anything is taken: a flood must not owe for minutes.
    const isTooMuch = this.#bucket.waitMs(1, nowMs) > 0
    const message = isTooMuch ? undefined : parse(text)
    if (message) {
      this.#bucket.take(nowMs)
      onMessage(message)
    } else onRefused()
  }
}

function parse(text: string): ChatMessage | undefined {
  try {
    return chatMessageSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
