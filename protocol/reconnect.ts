import { RECONNECT_BASE_MS, RECONNECT_CAP_MS } from './limits.ts'

export interface ReconnectInput {
  /** Tries that failed since the last connection that worked; 0 for the first. */
  readonly failedTries: number
  /** Uniform in [0, 1). */
  readonly random: number
  /** What the relay asked for before it closed, if it did. */
  readonly relayHintMs?: number
}

/**
 * How long to wait before the next try: full jitter over an exponential window, base 1 s, cap 60 s, so that thousands of agents
 * don't return at the same moment (N8). A relay's hint is the least wait, jittered upwards by up to half, and capped ten times higher.
 */
export function reconnectDelayMs(input: ReconnectInput): number {
  const windowMs = Math.min(RECONNECT_CAP_MS, RECONNECT_BASE_MS * 2 ** Math.min(input.failedTries, 16))
  const jitteredMs = input.random * windowMs
  if (input.relayHintMs === undefined) return Math.round(jitteredMs)
  const hintMs = Math.min(Math.max(0, input.relayHintMs), 10 * RECONNECT_CAP_MS)
  return Math.round(Math.max(jitteredMs, hintMs * (1 + input.random / 2)))
}
