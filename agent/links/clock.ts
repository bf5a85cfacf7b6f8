/** Time as the agent's programs see it. Deadlines use the monotonic half; the wall half is only for what people and the relay read. */
export interface Clock {
  /** Epoch milliseconds. May jump. */
  wallMs(): number
  /** Milliseconds since some fixed moment. Never goes back. */
  monotonicMs(): number
  /** Runs `run` once after `delayMs`; the returned function cancels it and may be called at any time. */
  setTimer(run: () => void, delayMs: number): () => void
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}
