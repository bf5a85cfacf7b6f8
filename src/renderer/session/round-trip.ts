import type { AgentControl, OperatorControl } from '#protocol/peer/control.ts'

/** Pings that nobody answered are forgotten beyond this number. */
const UNANSWERED_MAX = 16

/** Measures how long a message takes to the agent and back, on the channel that carries the session's own messages. */
export class RoundTrip {
  readonly #now: () => number
  readonly #sentAtMs = new Map<number, number>()
  #sequence = 0

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  ping(): Extract<OperatorControl, { type: 'ping' }> {
    const sequence = this.#sequence++
    this.#sentAtMs.set(sequence, this.#now())
    this.#sentAtMs.delete(sequence - UNANSWERED_MAX)
    return { type: 'ping', sequence }
  }

  /** Milliseconds; undefined for an answer to nothing. */
  handlePong(pong: Extract<AgentControl, { type: 'pong' }>): number | undefined {
    const sentAtMs = this.#sentAtMs.get(pong.sequence)
    this.#sentAtMs.delete(pong.sequence)
    return sentAtMs === undefined ? undefined : this.#now() - sentAtMs
  }
}
