import { HandholdError } from '#protocol/errors.ts'
import { RECONNECT_TIMEOUT_MS } from '#protocol/limits.ts'
import { askedScopes } from '#protocol/session/further.ts'
import { isOver } from '#protocol/session/machine.ts'
import type { SessionEvent, SessionState } from '#protocol/session/state.ts'
import type { OtpOffer } from '#protocol/unattended/wire.ts'
import { deviceActor, RELAY_ACTOR, userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Log } from '../log.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { SessionRecord, Store } from '../store.ts'
import { stepOfAgent } from './agent-events.ts'
import { catchUp } from './catch-up.ts'
import { lostEvent } from './deadlines.ts'
import type { HeldChanges } from './held-changes.ts'
import type { SessionLedger } from './ledger.ts'
import type { SessionRequests } from './requests.ts'

export interface ReportedSession {
  readonly sessionId: string
  readonly state: SessionState
}

export interface DeviceSessionsParts {
  readonly store: Store
  readonly clock: Clock
  readonly ledger: SessionLedger
  readonly requests: SessionRequests
  readonly agents: AgentGateway
  readonly devices: Devices
  readonly log: Log
  readonly policies: Policies
  readonly heldChanges: HeldChanges
}

/** The sessions of a device as the device itself drives them, and what its coming and going does to them. */
export class DeviceSessions {
  readonly #parts: DeviceSessionsParts
  /** Devices with open sessions that are away, with the timer that gives them up. */
  readonly #away = new Map<string, () => void>()

  constructor(parts: DeviceSessionsParts) {
    this.#parts = parts
  }

  /** Throws `not-found` for a session of another device, and what `stepOfAgent` and the machine throw; the state is then what it was. */
  async handleEvent(
    deviceId: string,
    sessionId: string,
    event: SessionEvent,
    agentNonce?: string,
    otp?: OtpOffer,
  ): Promise<void> {
    const { store, heldChanges, ledger, clock } = this.#parts
    const present = await store.read.session(sessionId)
    if (present?.deviceId !== deviceId) throw new HandholdError('not-found', 'There is no such session of yours.')
    if (await heldChanges.takes(present, event)) return
    await ledger.apply(sessionId, session => ({
      ...stepOfAgent(session, event, agentNonce, clock.nowMs(), otp),
      actor: deviceActor(deviceId),
    }))
  }

  /**
   * The device is back and says which sessions it has. Its word counts for sessions that both know, as far as legal events lead there;
   * what only it has is ended, what only the relay has failed, and what waits for it is delivered.
   */
  async handleConnected(deviceId: string, reported: readonly ReportedSession[]): Promise<void> {
    this.#cancelAway(deviceId)
    const { store, agents } = this.#parts
    const known = await store.read.openSessionsOfDevice(deviceId)
    const knownIds = new Set(known.map(session => session.id))
    for (const { sessionId, state } of reported) {
      if (!knownIds.has(sessionId) && !isOver(state))
        agents.notify(deviceId, { type: 'session.end', sessionId, reason: 'admin-ended' })
    }
    for (const session of known) {
      const state = reported.find(({ sessionId }) => sessionId === session.id)?.state
      if (state) await this.#follow(session.id, deviceId, state)
      else await this.#missing(session)
    }
  }

  /** The device's connection is gone: its sessions go on between the peers for a while. */
  async handleDisconnected(deviceId: string): Promise<void> {
    const { store, ledger } = this.#parts
    const open = await store.read.openSessionsOfDevice(deviceId)
    for (const session of open) if (isOver(session.state)) await ledger.tearDown(session.id)
    if (open.length > 0 && !this.#parts.agents.isOnline(deviceId)) this.#startAway(deviceId)
  }

  /** Takes up the sessions that outlived a restart of the relay; their devices have the usual time to come back. */
  async resume(): Promise<void> {
    const open = await this.#parts.store.read.openSessions()
    this.#parts.ledger.resume(open)
    for (const { deviceId } of open) this.#startAway(deviceId)
  }

  /** Ends everything of the device and makes its key worthless, in one transaction; then closes its socket. Throws `not-found` or `forbidden`. */
  async removeDevice(principal: Principal, deviceId: string): Promise<void> {
    const { store, clock, ledger, agents, devices } = this.#parts
    const device = await devices.require(principal, deviceId)
    await this.#parts.policies.require(principal, 'manage-devices', device.groupId)
    const actor = userActor(principal.user)
    const closed = await store.write(async tx => {
      await tx.removeDevice(deviceId, clock.nowMs())
      await tx.audit({
        organisationId: device.organisationId,
        atMs: clock.nowMs(),
        actor,
        action: 'device.removed',
        subject: deviceId,
        detail: { name: device.name },
      })
      const sessions: SessionRecord[] = []
      for (const session of await tx.openSessionsOfDevice(deviceId)) {
        const end: SessionEvent[] = isOver(session.state) ? [] : [{ type: 'end', reason: 'admin-ended' }]
        sessions.push(await ledger.closeWithin(tx, session, { events: [...end, { type: 'torn-down' }], actor }))
      }
      return sessions
    })
    for (const session of closed) {
      agents.notify(deviceId, { type: 'session.end', sessionId: session.id, reason: 'admin-ended' })
      ledger.published(session)
    }
    this.#cancelAway(deviceId)
    agents.cutOff(deviceId, 'removed')
    devices.announceRemoved(device)
  }

  close(): void {
    for (const cancel of this.#away.values()) cancel()
    this.#away.clear()
  }

  async #follow(sessionId: string, deviceId: string, reported: SessionState): Promise<void> {
    const { ledger } = this.#parts
    const followed = await ledger.apply(sessionId, session => {
      const events =
        isOver(session.state) && !isOver(reported)
          ? []
          : isMoreThanAsked(session, reported)
            ? null
            : catchUp(session.state, reported, session.joins > 0)
      if (events === null) return { events: [{ type: 'end', reason: 'agent-failed' }], actor: RELAY_ACTOR }
      return events.length > 0 ? { events, actor: deviceActor(deviceId), detail: { afterReconnect: true } } : null
    })
    if (!isOver(reported)) await ledger.tellEnd(followed)
    else if (followed.state.name === 'ending' && reported.name === 'closed') await ledger.tearDown(sessionId)
  }

  async #missing(session: SessionRecord): Promise<void> {
    const { ledger, requests } = this.#parts
    if (session.state.name === 'requested' || session.state.name === 'queued') return requests.notifyDevice(session)
    const ended = await ledger.apply(session.id, ({ state }) =>
      isOver(state) || state.name === 'awaiting-approval'
        ? null
        : { events: [{ type: 'end', reason: 'agent-failed' }], actor: RELAY_ACTOR },
    )
    await ledger.tearDown(ended.id)
  }

  #startAway(deviceId: string): void {
    if (this.#away.has(deviceId)) return
    const giveUp = () => {
      this.#away.delete(deviceId)
      this.#giveUp(deviceId).catch(error =>
        this.#parts.log.error({ err: error, deviceId }, 'A lost session stays open'),
      )
    }
    this.#away.set(deviceId, this.#parts.clock.setTimer(giveUp, RECONNECT_TIMEOUT_MS))
  }

  async #giveUp(deviceId: string): Promise<void> {
    for (const session of await this.#parts.store.read.openSessionsOfDevice(deviceId)) {
      // A door that waits for its operator has a deadline of its own: a device that is started anew comes back to it.
      if (['queued', 'requested', 'awaiting-approval', 'otp-issued', 'lingering'].includes(session.state.name)) continue
      const lost = await this.#parts.ledger.apply(session.id, present => {
        if (isOver(present.state) || present.state.name === 'lingering') return null
        return { events: [lostEvent(present, this.#parts.clock.nowMs() - RECONNECT_TIMEOUT_MS)], actor: RELAY_ACTOR }
      })
      await this.#parts.ledger.tellEnd(lost)
    }
  }

  #cancelAway(deviceId: string): void {
    this.#away.get(deviceId)?.()
    this.#away.delete(deviceId)
  }
}

function isMoreThanAsked(session: SessionRecord, reported: SessionState): boolean {
  const asked = askedScopes(session.scopes, session.state)
  return 'scopes' in reported && reported.scopes.some(scope => !asked.includes(scope))
}
