import type { SessionState } from '#protocol/session/state.ts'

export type LiveState = Extract<SessionState, { name: 'active' | 'paused' | 'reconnecting' }>
