import type { Scope } from '../session/scopes.ts'

/**
 * Every data channel of a peer, who may send on it and what that takes. The agent opens all of them; a label without a row here is refused on both sides.
 * `scope` is checked at the agent for each message that it receives, never only when the channel opens.
 */
export interface ChannelRule {
  readonly ordered: boolean
  readonly from: 'operator' | 'agent' | 'both'
  /** `tool`: each message names its tool, and that is the scope that it takes. */
  readonly scope: Scope | 'tool'
  /** Whether messages pass while the session is paused. */
  readonly whilePaused: boolean
}

export const CHANNELS = {
  control: { ordered: true, from: 'both', scope: 'view', whilePaused: true },
  input: { ordered: true, from: 'operator', scope: 'control', whilePaused: false },
  /** Binary: frames one way, their acknowledgements the other. */
  tiles: { ordered: true, from: 'both', scope: 'view', whilePaused: false },
  /** JSON one way; JSON and terminals' output the other. */
  tools: { ordered: true, from: 'both', scope: 'tool', whilePaused: false },
  /** A pause doesn't end the talk. */
  chat: { ordered: true, from: 'both', scope: 'view', whilePaused: true },
  cursor: { ordered: true, from: 'agent', scope: 'view', whilePaused: false },
} as const satisfies Record<string, ChannelRule>

export type ChannelLabel = keyof typeof CHANNELS

export const isChannelLabel = (label: string): label is ChannelLabel => Object.hasOwn(CHANNELS, label)
