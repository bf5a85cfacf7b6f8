import { HandholdError } from '#protocol/errors.ts'
import { CANDIDATES_PER_SESSION, CONNECTIONS_PER_SESSION } from '#protocol/limits.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { RelayToOperator } from '#protocol/wire/operator.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import type { AgentGateway, OperatorGateway } from '../gateways.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'

type Side = 'operator' | 'agent'

interface Route {
  connectionId: string
  /** Of the present connection. */
  readonly candidates: Record<Side, number>
  renewals: number
}

export interface RoutesParts {
  readonly store: Store
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
}

/** Passes signals on between the two joined parties of a session and to nobody else. It never reads what they say. */
export class SignalRoutes {
  readonly #parts: RoutesParts
  readonly #routes = new Map<string, Route>()

  constructor(parts: RoutesParts) {
    this.#parts = parts
  }

  /** From now on this connection is the operator's side. The returned function takes that back, unless another came since. */
  bind(sessionId: string, connectionId: string): () => void {
    const before = this.#routes.get(sessionId)
    const { candidates, renewals } = before ?? { candidates: { operator: 0, agent: 0 }, renewals: 0 }
    const route = { connectionId, candidates, renewals }
    this.#routes.set(sessionId, route)
    return () => {
      if (this.#routes.get(sessionId) !== route) return
      if (before) this.#routes.set(sessionId, before)
      else this.#routes.delete(sessionId)
    }
  }

  forget(sessionId: string): void {
    this.#routes.delete(sessionId)
  }

  /** Throws `not-found` when the connection isn't the one that joined, `session-closed`, `too-many-candidates` or `device-offline`. */
  async fromOperator(principal: Principal, connectionId: string, sessionId: string, signal: Signal): Promise<void> {
    const session = await this.#parts.store.read.session(sessionId)
    if (session?.operator.id !== principal.user.id) throw notInIt()
    const route = this.#routeOf(session)
    if (route.connectionId !== connectionId) {
      if (this.#parts.operators.isConnected(route.connectionId)) throw notInIt()
      // The socket that joined is gone (network or relay restart): the same operator goes on with the next one.
      route.connectionId = connectionId
    }
    this.#count(route, 'operator', signal)
    if (!this.#parts.agents.isOnline(session.deviceId))
      throw new HandholdError('device-offline', 'The device is not connected now. Wait until it is back.')
    this.#parts.agents.notify(session.deviceId, { type: 'session.signal', sessionId, signal })
  }

  /** Throws `not-found` when the session isn't the device's or nobody joined it, `session-closed` or `too-many-candidates`. */
  async fromAgent(deviceId: string, sessionId: string, signal: Signal): Promise<void> {
    const session = await this.#parts.store.read.session(sessionId)
    if (session?.deviceId !== deviceId) throw notInIt()
    const route = this.#routeOf(session)
    this.#count(route, 'agent', signal)
    this.toOperator(session, { type: 'session.signal', sessionId, signal })
  }

  /** To the app that is in the session, or to the operator's apps where it isn't known which one that is. */
  toOperator({ id, operator }: Pick<SessionRecord, 'id' | 'operator'>, message: RelayToOperator): void {
    const { operators } = this.#parts
    const connectionId = this.#routes.get(id)?.connectionId
    if (connectionId !== undefined && operators.isConnected(connectionId)) operators.toConnection(connectionId, message)
    else operators.toUser(operator.id, message)
  }

  #routeOf(session: SessionRecord): Route {
    if (isOver(session.state)) throw new HandholdError('session-closed', 'The session is over.')
    const route = this.#routes.get(session.id)
    if (route) return route
    // After a restart the sessions are known and their connections aren't.
    if (!('scopes' in session.state) || session.state.name === 'granted') throw notInIt()
    const adopted = { connectionId: '', candidates: { operator: 0, agent: 0 }, renewals: 0 }
    this.#routes.set(session.id, adopted)
    return adopted
  }

  #count(route: Route, side: Side, signal: Signal): void {
    if (signal.kind === 'again') return void renew(route, side)
    if (signal.kind !== 'candidate') return
    if (route.candidates[side] >= CANDIDATES_PER_SESSION)
      throw new HandholdError('too-many-candidates', 'This session has had its share of candidates.')
    route.candidates[side]++
  }
}

/** Another connection has candidates of its own. */
function renew(route: Route, side: Side): void {
  if (side === 'agent') throw new HandholdError('bad-request', 'The operator is who asks for another connection.')
  if (route.renewals >= CONNECTIONS_PER_SESSION)
    throw new HandholdError('too-many-candidates', 'This session has had its share of connections.')
  route.renewals++
  Object.assign(route.candidates, { operator: 0, agent: 0 })
}

const notInIt = () => new HandholdError('not-found', 'There is no such session that you are in.')
