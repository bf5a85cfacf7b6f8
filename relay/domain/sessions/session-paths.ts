import { END_WITHIN_MS, TURN_RENEW_MS } from '#protocol/limits.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway, TurnGateway, TurnSide } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Reader, SessionRecord } from '../store.ts'
import type { SignalRoutes } from './signal-routes.ts'

/** The device ends a session within a second; what is left of its way through the relay then goes by the relay. */
const CUT_AFTER_MS = END_WITHIN_MS + 500

export interface SessionPathsParts {
  readonly read: Reader
  readonly clock: Clock
  readonly turn: TurnGateway
  readonly policies: Policies
  readonly agents: AgentGateway
  readonly routes: Pick<SignalRoutes, 'toOperator'>
}

interface Told {
  readonly atMs: number
  /** At least one of its connections may be a straight one. */
  readonly isDirect: boolean
}

/** Tells both ends of a session how they may reach each other, and gives each its right to the way through the relay. */
export class SessionPaths {
  readonly #parts: SessionPathsParts
  readonly #told = new Map<string, Told>()
  readonly #cuts = new Map<string, () => void>()

  constructor(parts: SessionPathsParts) {
    this.#parts = parts
  }

  /** Before the device is asked for a connection. */
  async tell(session: SessionRecord): Promise<void> {
    const { read, clock, policies, agents, routes } = this.#parts
    const { id: sessionId, organisation, deviceId } = session
    const device = await read.device(deviceId)
    const policy = await policies.of(organisation.id)
    // Last: what is over meanwhile gets nothing any more.
    const present = await read.session(sessionId)
    if (!device || !present || isOver(present.state)) return
    const onlyRelay = isOnlyRelay(session, policy, device.groupId)
    const isDirect = !onlyRelay || (this.#told.get(sessionId)?.isDirect ?? false)
    this.#told.set(sessionId, { atMs: clock.nowMs(), isDirect })
    const message = (side: TurnSide) => ({
      type: 'session.paths' as const,
      sessionId,
      paths: { onlyRelay, credentials: this.#parts.turn.issue(sessionId, side) },
    })
    routes.toOperator(session, message('operator'))
    agents.notify(deviceId, message('agent'))
  }

  /** While the session lives: again before what was told runs out. */
  async renew(session: SessionRecord): Promise<void> {
    const told = this.#told.get(session.id)
    if (!told || this.#parts.clock.nowMs() - told.atMs >= TURN_RENEW_MS) await this.tell(session)
  }

  /** Whether the session may go a way that the policy has closed since. */
  isTooOpen(session: SessionRecord, policy: PolicySnapshot, groupId: string): boolean {
    return (this.#told.get(session.id)?.isDirect ?? false) && isOnlyRelay(session, policy, groupId)
  }

  /** The session ends: its ends have a moment for their farewell. */
  end(sessionId: string): void {
    if (this.#cuts.has(sessionId) || !this.#told.has(sessionId)) return
    this.#cuts.set(
      sessionId,
      this.#parts.clock.setTimer(() => this.#parts.turn.end(sessionId), CUT_AFTER_MS),
    )
  }

  /** It is over. Idempotent. */
  forget(sessionId: string): void {
    this.#cuts.get(sessionId)?.()
    this.#cuts.delete(sessionId)
    this.#told.delete(sessionId)
    this.#parts.turn.end(sessionId)
  }

  close(): void {
    for (const cancel of this.#cuts.values()) cancel()
  }
}

/** Where nobody is there, nothing of the device may take what strangers send: its host opens no socket but those to the relay. */
const isOnlyRelay = ({ unattended }: SessionRecord, policy: PolicySnapshot, groupId: string): boolean =>
  unattended !== null || !policy.settings(groupId).directPaths.value
