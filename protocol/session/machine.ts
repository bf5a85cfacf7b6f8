import { assertNever } from '../assert-never.ts'
import { HandholdError } from '../errors.ts'
import { furtherOf, withAnswer, withFurther, withShown } from './further.ts'
import type { Scope } from './scopes.ts'
import type { LiveState, SessionEvent, SessionState, SessionStateName } from './state.ts'

export const INITIAL_STATE: SessionState = { name: 'requested' }

/** From which states each event may happen. `closed` is in no list: it is final. */
const ALLOWED: Record<SessionEvent['type'], readonly SessionStateName[]> = {
  'device-offline': ['requested'],
  'device-notified': ['requested', 'queued'],
  'consent-shown': ['notifying'],
  // Without a question where nobody is asked (`unasked`).
  'consent-granted': ['notifying', 'awaiting-consent'],
  'approval-asked': ['requested'],
  approved: ['awaiting-approval'],
  arming: ['notifying'],
  'otp-issued': ['arming'],
  armed: ['otp-issued', 'lingering'],
  lingering: ['armed', 'connecting', 'active', 'paused', 'reconnecting', 'lingering'],
  'operator-joined': ['granted', 'armed'],
  'peer-connected': ['connecting'],
  // A person may pause and resume while the link is interrupted: it must come back as they left it.
  paused: ['active', 'reconnecting'],
  resumed: ['paused', 'reconnecting'],
  'scopes-changed': ['active', 'paused', 'reconnecting'],
  'further-asked': ['active'],
  'further-shown': ['active', 'paused', 'reconnecting'],
  'further-answered': ['active', 'paused', 'reconnecting'],
  'link-interrupted': ['active', 'paused'],
  'link-restored': ['reconnecting'],
  end: [
    'requested',
    'queued',
    'notifying',
    'awaiting-approval',
    'awaiting-consent',
    'arming',
    'otp-issued',
    'granted',
    'armed',
    'connecting',
    'active',
    'paused',
    'reconnecting',
    'lingering',
  ],
  'torn-down': ['ending'],
}

export function canTransition(state: SessionState, event: SessionEvent): boolean {
  return ALLOWED[event.type].includes(state.name) && isInTurn(state, event)
}

/**
 * The state after `event`: the one place where a session changes state, in relay, agent and operator app alike.
 * Throws `illegal-transition` where the event may not happen; the state is then what it was.
 */
export function transition(state: SessionState, event: SessionEvent): SessionState {
  if (!canTransition(state, event)) throw illegal(state, event)
  switch (event.type) {
    case 'device-offline':
      return { name: 'queued', untilMs: event.untilMs }
    case 'device-notified':
      return { name: 'notifying' }
    case 'consent-shown':
      return { name: 'awaiting-consent', untilMs: event.untilMs }
    case 'consent-granted':
      return { name: 'granted', scopes: event.scopes, untilMs: event.untilMs }
    case 'approval-asked':
      return { name: 'awaiting-approval', untilMs: event.untilMs }
    case 'approved':
      // As if it were asked now: whether the device is there is the next question.
      return INITIAL_STATE
    case 'arming':
      return { name: 'arming' }
    case 'otp-issued':
      return { name: 'otp-issued', untilMs: event.untilMs }
    case 'armed':
      return { name: 'armed', scopes: event.scopes, untilMs: event.untilMs }
    case 'lingering':
      return { name: 'lingering', scopes: event.scopes, untilMs: event.untilMs }
    case 'operator-joined':
      return { ...grantOf(state, event), name: 'connecting' }
    case 'peer-connected': {
      const grant = grantOf(state, event)
      return { ...grant, name: 'active', mode: modeOf(grant.scopes) }
    }
    case 'paused':
      return state.name === 'reconnecting'
        ? { ...state, pausedBy: event.by }
        : { ...liveOf(state, event), name: 'paused', by: event.by }
    case 'resumed':
      return state.name === 'reconnecting' ? { ...state, pausedBy: null } : { ...liveOf(state, event), name: 'active' }
    case 'scopes-changed':
      return withScopes(state, event)
    case 'further-asked':
      return withFurther(liveState(state, event), { stage: 'asked', scopes: event.scopes })
    case 'further-shown':
      return withShown(liveState(state, event), event.untilMs)
    case 'further-answered':
      return withScopes(withAnswer(liveState(state, event), event.answer), event)
    case 'link-interrupted':
      return {
        ...liveOf(state, event),
        name: 'reconnecting',
        giveUpAtMs: event.giveUpAtMs,
        pausedBy: state.name === 'paused' ? state.by : null,
      }
    case 'link-restored':
      // A pause outlives an interrupted link: the picture must not come back by itself.
      return state.name === 'reconnecting' && state.pausedBy
        ? { ...liveOf(state, event), name: 'paused', by: state.pausedBy }
        : { ...liveOf(state, event), name: 'active' }
    case 'end':
      return { name: 'ending', ...overOf(event) }
    case 'torn-down':
      return { name: 'closed', ...reasonOf(state, event) }
    default:
      return assertNever(event)
  }
}

/** One question at a time: it is asked, shown and answered in this order. Only whom nobody asks hasn't answered. */
function isInTurn(state: SessionState, event: SessionEvent): boolean {
  if (event.type === 'consent-granted') return (state.name === 'notifying') === (event.unasked !== undefined)
  const { type } = event
  const stage = furtherOf(state)?.stage
  if (type === 'further-asked') return stage !== 'asked' && stage !== 'shown'
  if (type === 'further-shown') return stage === 'asked'
  if (type === 'further-answered') return stage === 'asked' || stage === 'shown'
  return true
}

export const isLive = (state: SessionState): boolean =>
  state.name === 'active' || state.name === 'paused' || state.name === 'reconnecting'

export const isOver = (state: SessionState): boolean => state.name === 'ending' || state.name === 'closed'

function withScopes(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'scopes-changed' | 'further-answered' }>,
): SessionState {
  return { ...liveState(state, event), scopes: event.scopes, mode: modeOf(event.scopes) }
}

function modeOf(scopes: readonly Scope[]): 'view' | 'control' {
  return scopes.includes('control') ? 'control' : 'view'
}

// The readers narrow what ALLOWED already guarantees; reaching their throw means that the table and the switch disagree.
function grantOf(state: SessionState, event: SessionEvent) {
  if (!('scopes' in state)) throw illegal(state, event)
  return { scopes: state.scopes, untilMs: state.untilMs }
}

function liveOf(state: SessionState, event: SessionEvent) {
  const { scopes, untilMs, mode, further } = liveState(state, event)
  return { scopes, untilMs, mode, ...(further && { further }) }
}

function liveState(state: SessionState, event: SessionEvent): LiveState {
  if (!('mode' in state)) throw illegal(state, event)
  return state
}

function reasonOf(state: SessionState, event: SessionEvent) {
  if (!('reason' in state)) throw illegal(state, event)
  return overOf(state)
}

const overOf = ({ reason, cause }: Pick<Extract<SessionState, { name: 'closed' }>, 'reason' | 'cause'>) =>
  cause === undefined ? { reason } : { reason, cause }

function illegal(state: SessionState, event: SessionEvent): HandholdError {
  return new HandholdError('illegal-transition', `A session that is ${state.name} can't take "${event.type}".`)
}
