/** Time as the relay sees it. Every deadline of the relay is counted by one of these. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number
  /** Runs `run` once after `delayMs`; the returned function takes it back and may be called at any time, twice included. */
  setTimer(run: () => void, delayMs: number): () => void
}
