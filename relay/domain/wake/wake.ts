import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { WakeOrder } from '#protocol/wire/wake.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import { requireActive } from '../enrolment/device-status.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Principal } from '../principal.ts'
import { networksOf } from '../records/networks.ts'
import type { DeviceRecord, Store } from '../store.ts'

/** Neighbours in each network: the same private network may be in many places, and not each of these is the device's. */
const NEIGHBOURS_MAX = 3
const NETWORKS_MAX = 4
const MACS_MAX = 4

export interface WakeParts {
  readonly store: Store
  readonly clock: Clock
  readonly devices: Devices
  readonly agents: AgentGateway
}

export interface WakeOutcome {
  /** Nothing was done: it is connected. */
  readonly online: boolean
  /** Devices near it that have sent the packet. */
  readonly neighbours: number
}

interface Plan extends WakeOrder {
  readonly neighbourIds: readonly string[]
}

/** Gets a device that is asleep or switched off to connect: through its neighbours, and through whoever listens to the webhook event. */
export class Wake {
  readonly #parts: WakeParts

  constructor(parts: WakeParts) {
    this.#parts = parts
  }

  /** For whoever may connect to the device or manages it. Throws `not-found`, `device-pending` or `device-quarantined`. */
  async wake(principal: Principal, deviceId: string): Promise<WakeOutcome> {
    const { store, clock, devices, agents } = this.#parts
    const device = await devices.require(principal, deviceId)
    requireActive(device)
    if (agents.isOnline(deviceId)) return { online: true, neighbours: 0 }
    const plans = await this.#plans(device)
    const neighbours = plans.flatMap(({ neighbourIds }) => neighbourIds)
    // Written first: this row is also what the message gateway hears.
    await store.write(tx =>
      tx.audit({
        organisationId: device.organisationId,
        atMs: clock.nowMs(),
        actor: userActor(principal.user),
        action: 'device.wake-requested',
        subject: deviceId,
        detail: { deviceId, networks: plans.map(({ network }) => network), neighbours },
      }),
    )
    const sent = await Promise.all(plans.flatMap(plan => plan.neighbourIds.map(id => this.#ask(id, plan))))
    return { online: false, neighbours: sent.filter(isSent => isSent).length }
  }

  /** Which neighbours are asked to wake which cards. Empty for a device that has never said what it is made of. */
  async #plans(device: DeviceRecord): Promise<Plan[]> {
    const { records } = this.#parts.store.read
    const known = await records.inventory(device.id)
    const plans: Plan[] = []
    for (const order of known ? ordersOf(known.inventory) : []) {
      const near = (await records.neighbours(device.organisationId, order.network)).filter(({ id }) => id !== device.id)
      // Of the same group first: it is where the device most likely is.
      const sameFirst = near.toSorted(
        (one, other) => Number(other.groupId === device.groupId) - Number(one.groupId === device.groupId),
      )
      const neighbourIds = sameFirst.map(({ id }) => id).filter(id => this.#parts.agents.isOnline(id))
      if (neighbourIds.length > 0) plans.push({ ...order, neighbourIds: neighbourIds.slice(0, NEIGHBOURS_MAX) })
    }
    return plans
  }

  async #ask(neighbourId: string, { network, macs }: WakeOrder): Promise<boolean> {
    const order = { network, macs }
    return this.#parts.agents.request(neighbourId, { type: 'device.wake', order }).then(
      () => true,
      () => false,
    )
  }
}

/** The device's cards by the networks that they are in. */
function ordersOf(inventory: DeviceInventory): WakeOrder[] {
  const macs = new Map<string, string[]>()
  for (const card of inventory.interfaces) {
    if (card.mac === null) continue
    for (const network of networksOf({ ...inventory, interfaces: [card] }))
      macs.set(network, [...(macs.get(network) ?? []), card.mac].slice(0, MACS_MAX))
  }
  return [...macs].slice(0, NETWORKS_MAX).map(([network, cards]) => ({ network, macs: cards }))
}
