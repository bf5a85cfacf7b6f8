import { HandholdError } from '#protocol/errors.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { SessionState } from '#protocol/session/state.ts'

/** For what the relay or the operator asks of a session that is in another state. */
export function notAllowed(state: SessionState): HandholdError {
  if (isOver(state)) return new HandholdError('session-closed', 'This session is over. Ask for a new one.')
  return new HandholdError('forbidden', `This session is ${state.name}: that isn’t allowed now.`)
}
