import { HandholdError } from '#protocol/errors.ts'
import type { DeviceFactsWire, DeviceView } from '#protocol/wire/views.ts'
import type { Clock } from './clock.ts'
import type { AgentGateway, OperatorGateway } from './gateways.ts'
import type { Log } from './log.ts'
import type { Principal } from './principal.ts'
import { deviceView } from './sessions/views.ts'
import type { DeviceRecord, Store } from './store.ts'

export interface DevicesParts {
  readonly store: Store
  readonly clock: Clock
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
  readonly log: Log
}

/** The devices of an organisation and who hears of their changes. */
export class Devices {
  readonly #parts: DevicesParts

  constructor(parts: DevicesParts) {
    this.#parts = parts
  }

  async list(principal: Principal): Promise<DeviceView[]> {
    const devices = await this.#parts.store.read.devices(principal.organisation.id)
    return devices.map(device => deviceView(device, this.#parts.agents.isOnline(device.id)))
  }

  /** The device, if it is one of the person's organisation; throws `not-found` for every other id alike. */
  async require(principal: Principal, deviceId: string): Promise<DeviceRecord> {
    const device = await this.#parts.store.read.device(deviceId)
    if (device?.organisationId !== principal.organisation.id) throw deviceNotFound()
    return device
  }

  /** What a device says of itself when it connects. */
  async seen(deviceId: string, facts: DeviceFactsWire): Promise<void> {
    await this.#parts.store.write(tx => tx.updateDeviceFacts(deviceId, nameOf(facts), facts, this.#parts.clock.nowMs()))
    this.announce(deviceId)
  }

  /** The device's connection is gone. */
  async left(deviceId: string): Promise<void> {
    await this.#parts.store.write(tx => tx.setDeviceSeen(deviceId, this.#parts.clock.nowMs()))
    this.announce(deviceId)
  }

  /** Tells the operators of the device's organisation what it is like now. Returns at once; a failure is logged. */
  announce(deviceId: string): void {
    this.#announce(deviceId).catch(error =>
      this.#parts.log.error({ err: error, deviceId }, 'A change of a device could not be announced'),
    )
  }

  announceRemoved(device: DeviceRecord): void {
    this.#parts.operators.toOrganisation(device.organisationId, { type: 'device.removed', deviceId: device.id })
  }

  async #announce(deviceId: string): Promise<void> {
    const { store, agents, operators } = this.#parts
    const device = await store.read.device(deviceId)
    if (!device) return
    const sessions = await store.read.openSessionsOfDevice(deviceId)
    const busy = sessions.some(session => session.state.name !== 'ending')
    operators.toOrganisation(device.organisationId, {
      type: 'device.changed',
      device: deviceView({ ...device, busy }, agents.isOnline(deviceId)),
    })
  }
}

/** The name that people see; a device without a usable host name is still told apart by its id. */
export const nameOf = (facts: DeviceFactsWire): string => facts.hostname || 'unnamed device'

const deviceNotFound = () => new HandholdError('not-found', 'There is no such device. Refresh the list of devices.')
