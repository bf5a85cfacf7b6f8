import { HandholdError } from '#protocol/errors.ts'
import type { RelayToOperator } from '#protocol/wire/operator.ts'
import type { DeviceFactsWire, DeviceView } from '#protocol/wire/views.ts'
import type { AgentGateway, OperatorGateway } from './gateways.ts'
import type { Log } from './log.ts'
import type { Policies } from './policy/policies.ts'
import type { PolicySnapshot } from './policy/snapshot.ts'
import type { Principal } from './principal.ts'
import type { Presence } from './records/presence.ts'
import { deviceView } from './sessions/views.ts'
import type { DeviceRecord, Store } from './store.ts'

export interface DevicesParts {
  readonly store: Store
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
  readonly log: Log
  readonly policies: Policies
  readonly presence: Presence
}

/** The devices of an organisation, as far as each operator may reach them, and who hears of their changes. */
export class Devices {
  readonly #parts: DevicesParts

  constructor(parts: DevicesParts) {
    this.#parts = parts
  }

  /** The device, if it is one that the person may connect to or administers; throws `not-found` for every other id alike. */
  async require(principal: Principal, deviceId: string): Promise<DeviceRecord> {
    const device = await this.#parts.store.read.device(deviceId)
    if (device?.organisationId !== principal.organisation.id) throw deviceNotFound()
    const snapshot = await this.#parts.policies.of(device.organisationId)
    const isReachable = snapshot.reachable(principal.user.id).has(device.groupId)
    if (!isReachable || !isShown(snapshot, principal.user.id, device)) throw deviceNotFound()
    return device
  }

  /** The device as the person may see it. Throws `not-found`. */
  async view(principal: Principal, deviceId: string): Promise<DeviceView> {
    const device = await this.require(principal, deviceId)
    return this.#view(device)
  }

  /** The device is connected. */
  async arrived(deviceId: string): Promise<void> {
    await this.#parts.presence.arrived(deviceId)
    this.announce(deviceId)
  }

  /** The device's connection is gone. */
  async left(deviceId: string): Promise<void> {
    await this.#parts.presence.left(deviceId)
    this.announce(deviceId)
  }

  /** Tells the operators who may reach the device what it is like now. Returns at once; a failure is logged. */
  announce(deviceId: string): void {
    this.#announce(deviceId).catch(error =>
      this.#parts.log.error({ err: error, deviceId }, 'A change of a device could not be announced'),
    )
  }

  /** Returns at once; a failure is logged. */
  announceRemoved(device: DeviceRecord): void {
    this.#tell(device, { type: 'device.removed', deviceId: device.id }).catch(error =>
      this.#parts.log.error({ err: error, deviceId: device.id }, 'A removal could not be announced'),
    )
  }

  /** The device went from one group to another: gone for those who can't reach it any more. */
  async announceMoved(device: DeviceRecord, fromGroupId: string): Promise<void> {
    const { operators, policies } = this.#parts
    const snapshot = await policies.of(device.organisationId)
    for (const userId of operators.usersOf(device.organisationId)) {
      const reachable = snapshot.reachable(userId)
      if (reachable.has(fromGroupId) && !reachable.has(device.groupId))
        operators.toUser(userId, { type: 'device.removed', deviceId: device.id })
    }
    await this.#announce(device.id)
  }

  async #announce(deviceId: string): Promise<void> {
    const device = await this.#parts.store.read.device(deviceId)
    if (device) await this.#tell(device, { type: 'device.changed', device: await this.#view(device) })
  }

  async #view(device: DeviceRecord): Promise<DeviceView> {
    const { store, agents } = this.#parts
    const sessions = await store.read.openSessionsOfDevice(device.id)
    const busy = sessions.some(session => session.state.name !== 'ending')
    const tags = (await store.read.records.tags([device.id])).get(device.id) ?? []
    return deviceView({ ...device, busy, tags }, agents.isOnline(device.id))
  }

  async #tell(device: DeviceRecord, message: RelayToOperator): Promise<void> {
    const { operators, policies } = this.#parts
    const snapshot = await policies.of(device.organisationId)
    for (const userId of operators.usersOf(device.organisationId))
      if (snapshot.reachable(userId).has(device.groupId) && isShown(snapshot, userId, device))
        operators.toUser(userId, message)
  }
}

/** A device that nobody approved yet is for those to see who can. */
const isShown = (snapshot: PolicySnapshot, userId: string, { status, groupId }: DeviceRecord): boolean =>
  status !== 'pending' || snapshot.grants(userId, groupId)('manage-devices').allowed

/** The name that people see; a device without a usable host name is still told apart by its id. */
export const nameOf = (facts: DeviceFactsWire): string => facts.hostname || 'unnamed device'

const deviceNotFound = () => new HandholdError('not-found', 'There is no such device. Refresh the list of devices.')
