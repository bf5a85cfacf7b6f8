import { openFurther } from '#protocol/session/further.ts'
import { canTransition, isOver, transition } from '#protocol/session/machine.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'

const LONGEST_PATH = 5

/**
 * The events that bring the relay's state of a session to the one that its agent reports after a time without a connection; shortest first.
 * Null when no legal way leads there: consent is not in these events, so an agent can't claim a grant that the relay didn't hear.
 * `wasJoined`: a pass was spent for the session, so the agent may have the operator already.
 */
export function catchUp(relay: SessionState, agent: SessionState, wasJoined: boolean): SessionEvent[] | null {
  const steps = possibleEvents(agent, wasJoined)
  let paths: { state: SessionState; events: SessionEvent[] }[] = [{ state: relay, events: [] }]
  for (let length = 0; length <= LONGEST_PATH; length++) {
    const arrived = paths.find(path => isSameSituation(path.state, agent))
    if (arrived) return arrived.events
    paths = paths.flatMap(path =>
      steps
        .filter(event => canTransition(path.state, event))
        .map(event => ({ state: transition(path.state, event), events: [...path.events, event] })),
    )
  }
  return null
}

function possibleEvents(agent: SessionState, wasJoined: boolean): SessionEvent[] {
  if (isOver(agent) && 'reason' in agent) return [{ type: 'end', reason: agent.reason }, { type: 'torn-down' }]
  const events: SessionEvent[] = [{ type: 'device-notified' }, { type: 'link-restored' }, { type: 'resumed' }]
  if (agent.name === 'awaiting-consent') events.push({ type: 'consent-shown', untilMs: agent.untilMs })
  if (wasJoined) events.push({ type: 'operator-joined' }, { type: 'peer-connected' })
  if (agent.name === 'lingering') events.push({ type: 'lingering', scopes: agent.scopes, untilMs: agent.untilMs })
  if (agent.name === 'paused') events.push({ type: 'paused', by: agent.by })
  if ('mode' in agent) {
    const further = openFurther(agent)
    if (further?.stage === 'shown') events.push({ type: 'further-shown', untilMs: further.untilMs })
    else if (!further) events.push({ type: 'further-answered', answer: 'unheard', scopes: agent.scopes })
    events.push({ type: 'scopes-changed', scopes: agent.scopes })
  }
  if (agent.name === 'reconnecting') {
    if (agent.pausedBy) events.push({ type: 'paused', by: agent.pausedBy })
    events.push({ type: 'link-interrupted', giveUpAtMs: agent.giveUpAtMs })
  }
  return events
}

function isSameSituation(one: SessionState, other: SessionState): boolean {
  if ('mode' in one && 'mode' in other && one.scopes.toSorted().join() !== other.scopes.toSorted().join()) return false
  if (openFurther(one)?.stage !== openFurther(other)?.stage) return false
  if (one.name === 'paused' && other.name === 'paused') return one.by === other.by
  if (one.name === 'reconnecting' && other.name === 'reconnecting') return one.pausedBy === other.pausedBy
  return one.name === other.name
}
