import { HandholdError } from '#protocol/errors.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord } from './record.ts'

/**
 * The session of a device that somebody else may join now, as an operator with a session of their own beside it. Throws `illegal-transition` where there is none
 * that is active with a person there, or it is theirs already, and `device-busy` where two are in it.
 */
export function sessionToJoin(open: readonly SessionRecord[], { user }: Principal): SessionRecord {
  const [first, second] = open.filter(({ state }) => !isOver(state))
  if (second)
    throw new HandholdError('device-busy', 'Two operators are in this session already. Wait until one leaves.')
  if (first?.state.name !== 'active' || first.unattended)
    throw new HandholdError(
      'illegal-transition',
      'There is no session that could be joined now. Ask for one of your own.',
    )
  if (first.operator.id === user.id)
    throw new HandholdError(
      'illegal-transition',
      'This session is yours already. Open it in the app that asked for it.',
    )
  return first
}

/** Throws `illegal-transition` where the session that was to be joined has given way to another one meanwhile. */
export function requireSame(meant: SessionRecord, present: SessionRecord): void {
  if (meant.id !== present.id) throw new HandholdError('illegal-transition', 'That session is over. Look again.')
}

export const notJoinable = (isUnasked: boolean) =>
  isUnasked
    ? new HandholdError('bad-request', 'Who joins a session is let in by the answer of the person at the device alone.')
    : new HandholdError('device-offline', 'The device is not connected now. Wait until it is back.')
