import { assertNever } from '#protocol/assert-never.ts'
import { HandholdError } from '#protocol/errors.ts'
import { askedScopes } from '#protocol/session/further.ts'
import { canTransition, isOver } from '#protocol/session/machine.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionEvent } from '#protocol/session/state.ts'
import type { OtpOffer } from '#protocol/unattended/wire.ts'
import type { SessionRecord } from '../store.ts'
import { boundOpenUntil, isOfOtherKind, type UnattendedPlan } from '../unattended/plan.ts'
import { boundGrantEnd } from './deadlines.ts'

export interface AgentStep {
  readonly events: SessionEvent[]
  /** What the session's nonce is from now on. */
  readonly agentNonce: string | null
  readonly unattended?: UnattendedPlan
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
  otp?: OtpOffer,
): AgentStep {
  if (isOfOtherKind(session.unattended !== null, event)) throw notYours(event)
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
    case 'further-answered':
      requireAsked(session, event.scopes)
      return { events: [event], agentNonce: session.agentNonce }
    case 'arming':
      return { events: [...impliedNotice(session), event], agentNonce: session.agentNonce }
    case 'otp-issued':
      return issue(session, event, agentNonce, otp, nowMs)
    case 'armed':
      requireAsked(session, event.scopes)
      return {
        events: [{ ...event, untilMs: boundGrantEnd(event.untilMs, nowMs, session.durationMaxMs) }],
        agentNonce: session.agentNonce,
      }
    case 'lingering':
      if (!agentNonce) throw withoutNonce()
      requireAsked(session, event.scopes)
      return { events: [{ ...event, untilMs: boundOpenUntil(event.untilMs, event.type, nowMs) }], agentNonce }
    case 'further-shown':
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
    case 'further-asked':
    case 'approval-asked':
    case 'approved':
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
  if (!agentNonce) throw withoutNonce()
  requireAsked(session, event.scopes)
  if (event.unasked === 'skip-consent' && !session.skipsConsent)
    throw new HandholdError('bad-request', 'Nobody wished that the person isn’t asked.')
  if (event.unasked && session.beside !== null)
    throw new HandholdError('bad-request', 'Nobody joins a session without the person’s answer.')
  const granted = { ...event, untilMs: boundGrantEnd(event.untilMs, nowMs, session.durationMaxMs) }
  return { events: event.unasked ? [...impliedNotice(session), granted] : [granted], agentNonce }
}

function issue(
  session: SessionRecord,
  event: Extract<SessionEvent, { type: 'otp-issued' }>,
  agentNonce: string | undefined,
  otp: OtpOffer | undefined,
  nowMs: number,
): AgentStep {
  if (!agentNonce) throw withoutNonce()
  if (!otp || !session.unattended)
    throw new HandholdError('bad-request', 'A password is issued together with its salt.')
  const untilMs = boundOpenUntil(event.untilMs, event.type, nowMs)
  return { events: [{ ...event, untilMs }], agentNonce, unattended: { ...session.unattended, otp } }
}

function requireAsked(session: SessionRecord, scopes: readonly Scope[]): void {
  const asked = askedScopes(session.scopes, session.state)
  if (scopes.some(scope => !asked.includes(scope)))
    throw new HandholdError('bad-request', 'More was granted than was asked for. Grant a part of the request.')
}

const withoutNonce = () => new HandholdError('bad-request', 'A way in needs the nonce of the agent.')

/** A dialog that is shown proves that the request arrived, even when the acknowledgement is still on its way. */
export function impliedNotice(session: SessionRecord): SessionEvent[] {
  const notice: SessionEvent = { type: 'device-notified' }
  return canTransition(session.state, notice) ? [notice] : []
}

const notYours = (event: SessionEvent) =>
  new HandholdError('forbidden', `An agent can't say "${event.type}" for a session.`)
