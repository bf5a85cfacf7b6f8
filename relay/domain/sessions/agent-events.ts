import { assertNever } from '#protocol/assert-never.ts'
import { HandholdError } from '#protocol/errors.ts'
import { canTransition, isOver } from '#protocol/session/machine.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { SessionRecord } from '../store.ts'
import { boundGrantEnd } from './deadlines.ts'

export interface AgentStep {
  readonly events: SessionEvent[]
  /** What the session's nonce is from now on. */
  readonly agentNonce: string | null
}

/**
 * What an agent's word does to one of its sessions. The relay never invents consent and an agent never widens it.
 * Throws `forbidden` for an event that isn't an agent's to say, `bad-request` for a consent that doesn't fit the request.
 */
export function stepOfAgent(
  session: SessionRecord,
  event: SessionEvent,
  agentNonce: string | undefined,
  nowMs: number,
): AgentStep {
  switch (event.type) {
    case 'consent-shown':
      return { events: [...impliedNotice(session), event], agentNonce: session.agentNonce }
    case 'consent-granted':
      return grant(session, event, agentNonce, nowMs)
    case 'end':
      if (event.reason === 'admin-ended') throw notYours(event)
      // Both sides may end it in the same moment; the first reason stays.
      if (isOver(session.state)) return { events: [], agentNonce: session.agentNonce }
      return { events: [event], agentNonce: session.agentNonce }
    case 'scopes-changed':
      requireAsked(session, event.scopes)
      return { events: [event], agentNonce: session.agentNonce }
    case 'peer-connected':
    case 'link-interrupted':
    case 'link-restored':
    case 'paused':
    case 'resumed':
    case 'torn-down':
      return { events: [event], agentNonce: session.agentNonce }
    case 'device-offline':
    case 'device-notified':
    case 'operator-joined':
      throw notYours(event)
    default:
      return assertNever(event)
  }
}

function grant(
  session: SessionRecord,
  event: Extract<SessionEvent, { type: 'consent-granted' }>,
  agentNonce: string | undefined,
  nowMs: number,
): AgentStep {
  if (!agentNonce) throw new HandholdError('bad-request', 'A granted consent needs the nonce of the agent.')
  requireAsked(session, event.scopes)
  return { events: [{ ...event, untilMs: boundGrantEnd(event.untilMs, nowMs, session.durationMaxMs) }], agentNonce }
}

function requireAsked(session: SessionRecord, scopes: readonly Scope[]): void {
  if (scopes.some(scope => !session.scopes.includes(scope)))
    throw new HandholdError('bad-request', 'More was granted than was asked for. Grant a part of the request.')
}

/** A dialog that is shown proves that the request arrived, even when the acknowledgement is still on its way. */
export function impliedNotice(session: SessionRecord): SessionEvent[] {
  const notice: SessionEvent = { type: 'device-notified' }
  return canTransition(session.state, notice) ? [notice] : []
}

const notYours = (event: SessionEvent) =>
  new HandholdError('forbidden', `An agent can't say "${event.type}" for a session.`)
