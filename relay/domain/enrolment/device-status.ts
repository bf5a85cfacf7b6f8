import type { QuarantineReason } from '#protocol/device-status.ts'
import { HandholdError } from '#protocol/errors.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { DeviceRecord, Store, Writer } from '../store.ts'
import { requireManager } from './rights.ts'

export interface DeviceStatusesParts {
  readonly store: Store
  readonly clock: Clock
  readonly policies: Policies
  readonly devices: Devices
  readonly agents: AgentGateway
  readonly cutOff: (deviceIds: readonly string[]) => Promise<void>
}

/** What administrators decide about a device: approve, quarantine, release. */
export class DeviceStatuses {
  readonly #parts: DeviceStatusesParts

  constructor(parts: DeviceStatusesParts) {
    this.#parts = parts
  }

  /** Nothing happens where it is so already. Throws `not-found` or `forbidden`. */
  async set(principal: Principal, deviceId: string, status: 'active' | 'quarantined'): Promise<void> {
    const { store, devices, agents, cutOff } = this.#parts
    await devices.require(principal, deviceId)
    const isChanged = await store.write(tx => this.#set(tx, principal, deviceId, status))
    if (status === 'quarantined') return cutOff([deviceId])
    if (isChanged) agents.cutOff(deviceId, 'approved')
    devices.announce(deviceId)
  }

  async #set(tx: Writer, principal: Principal, deviceId: string, status: 'active' | 'quarantined'): Promise<boolean> {
    const device = await tx.device(deviceId)
    if (!device) throw new HandholdError('not-found', 'The device was removed.')
    requireManager(
      await this.#parts.policies.of(device.organisationId, tx),
      { kind: 'person', principal },
      device.groupId,
    )
    if (device.status === status) return false
    const atMs = this.#parts.clock.nowMs()
    await tx.enrolment.setStatus(deviceId, status, status === 'quarantined' ? 'administrator' : null, atMs)
    // Whoever releases it has looked: the state that it comes with is the right one.
    if (status === 'active') await tx.enrolment.setBoot(deviceId, null)
    await tx.audit({
      organisationId: device.organisationId,
      atMs,
      actor: userActor(principal.user),
      action: actionOf(device, status),
      subject: deviceId,
      detail: { name: device.name, was: device.status, reason: device.statusReason },
    })
    return true
  }
}

/** Throws `device-pending` or `device-quarantined`: such a device takes no session. */
export function requireActive({ status, statusReason }: DeviceRecord): void {
  if (status === 'pending')
    throw new HandholdError('device-pending', 'The device waits for the approval of an administrator.')
  if (status === 'quarantined')
    throw new HandholdError('device-quarantined', quarantineText(statusReason ?? 'administrator'))
}

/** For whoever meets the quarantine, operator and device alike: what happened and what to do. */
export const quarantineText = (reason: QuarantineReason): string => QUARANTINED[reason]

const QUARANTINED: Record<QuarantineReason, string> = {
  administrator: 'The device is quarantined. Ask an administrator to release it.',
  'token-revoked':
    'The device is quarantined: the token that enrolled it was revoked. Ask an administrator to release it.',
  cloned:
    'The device is quarantined: two machines were connected with its key at once. Remove the agent state on the copy, enrol it anew, then have this one released.',
  'state-rolled-back':
    'The device is quarantined: its agent came back with an older copy of its state, from a backup or a cloned disk. Ask an administrator to release it, or to remove it and enrol it anew.',
}

const actionOf = ({ status }: DeviceRecord, next: 'active' | 'quarantined'): string =>
  next === 'quarantined' ? 'device.quarantined' : status === 'pending' ? 'device.approved' : 'device.released'
