/** Time for the frames of the fake; tests may bring their own. */
export interface FakeClock {
  /** Milliseconds on a monotonic clock. */
  nowMs(): number
  /** Calls back after `delayMs`, unless the returned function is called before. */
  after(delayMs: number, call: () => void): () => void
}

export const realClock: FakeClock = {
  nowMs: () => performance.now(),
  after(delayMs, call) {
    const timer = setTimeout(call, Math.ceil(delayMs))
    return () => clearTimeout(timer)
  },
}
