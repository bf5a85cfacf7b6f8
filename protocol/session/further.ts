import { type FurtherAnswer, SCOPES, type Scope } from './scopes.ts'
import type { Further, LiveState, SessionState } from './state.ts'

/** The last question for more in a session; none before the first. */
export const furtherOf = (state: SessionState): Further | undefined => ('mode' in state ? state.further : undefined)

/** The question that nobody has answered yet. */
export function openFurther(state: SessionState): Exclude<Further, { stage: 'answered' }> | undefined {
  const further = furtherOf(state)
  return further?.stage === 'answered' ? undefined : further
}

/** Everything that was ever asked for in a session which asked for `first`, as far as its state knows. */
export function askedScopes(first: readonly Scope[], state: SessionState): Scope[] {
  const held = 'scopes' in state ? state.scopes : []
  const further = openFurther(state)?.scopes ?? []
  return SCOPES.filter(scope => [first, held, further].some(scopes => scopes.includes(scope)))
}

export const withFurther = (state: LiveState, further: Further): LiveState => ({ ...state, further })

// A question that is not there is left as it is: the machine lets nobody come here without one.
export const withShown = (state: LiveState, untilMs: number): LiveState =>
  state.further ? withFurther(state, { stage: 'shown', scopes: state.further.scopes, untilMs }) : state

export const withAnswer = (state: LiveState, answer: FurtherAnswer): LiveState =>
  state.further ? withFurther(state, { stage: 'answered', scopes: state.further.scopes, answer }) : state
