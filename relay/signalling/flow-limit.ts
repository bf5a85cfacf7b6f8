import { MESSAGE_BURST, MESSAGES_PER_SECOND } from '#protocol/limits.ts'
import { TokenBucket } from '#protocol/token-bucket.ts'
import type { Clock } from '../domain/clock.ts'

/** A paused socket reads again when this many messages are allowed: half a second. */
const RESUME_TOKENS = 10
/** Frames that were already read when the socket was paused; more than this in debt is a flood. */
const DEBT_MAX = MESSAGE_BURST
/** So many pauses without a quiet moment in between: the peer doesn't mean to slow down. */
const PAUSES_MAX = 10

export interface Flow {
  pause(): void
  resume(): void
  flooded(): void
}

/** 20 messages a second with bursts of 60: a faster peer is read more slowly, one that keeps on is given up. */
export class FlowLimit {
  readonly #clock: Clock
  readonly #flow: Flow
  readonly #bucket: TokenBucket
  #cancelResume: (() => void) | null = null
  #pauses = 0

  constructor(clock: Clock, flow: Flow) {
    this.#clock = clock
    this.#flow = flow
    this.#bucket = new TokenBucket(MESSAGES_PER_SECOND, MESSAGE_BURST, clock.nowMs())
  }

  /** One message came. False when it is one too many: `flooded` has been called and the message is not to be handled. */
  admit(): boolean {
    const nowMs = this.#clock.nowMs()
    if (this.#bucket.isFull(nowMs)) this.#pauses = 0
    const left = this.#bucket.take(nowMs)
    if (left >= 0) return true
    if (left < -DEBT_MAX || (!this.#cancelResume && ++this.#pauses > PAUSES_MAX)) {
      this.close()
      this.#flow.flooded()
      return false
    }
    if (!this.#cancelResume) this.#pause(nowMs)
    return true
  }

  /** Forgets the timer; safe to call twice. */
  close(): void {
    this.#cancelResume?.()
    this.#cancelResume = null
  }

  #pause(nowMs: number): void {
    this.#flow.pause()
    this.#cancelResume = this.#clock.setTimer(
      () => {
        this.#cancelResume = null
        this.#flow.resume()
      },
      this.#bucket.waitMs(RESUME_TOKENS, nowMs),
    )
  }
}
