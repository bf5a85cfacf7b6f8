import { HandholdError } from '#protocol/errors.ts'
import { deviceActor, userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { Store } from '../store.ts'

export interface DeviceAccessParts {
  readonly store: Store
  readonly clock: Clock
  readonly agents: AgentGateway
  readonly devices: Devices
  readonly policies: Policies
}

/** What devices say of their own door: what was torn down, and that too many wrong passwords have shut it. */
export class DeviceAccess {
  readonly #parts: DeviceAccessParts

  constructor(parts: DeviceAccessParts) {
    this.#parts = parts
  }

  /** Once for each session; a device that isn't sure says it again. Throws `not-found` for a session of another device. */
  async tornDown(deviceId: string, sessionId: string, removed: readonly string[]): Promise<void> {
    const { store, clock } = this.#parts
    await store.write(async tx => {
      const session = await tx.session(sessionId)
      if (session?.deviceId !== deviceId || !session.unattended)
        throw new HandholdError('not-found', 'There is no such session of yours.')
      if (session.unattended.isTornDown) return
      await tx.setUnattended(sessionId, { ...session.unattended, isTornDown: true })
      await tx.audit({
        organisationId: session.organisation.id,
        atMs: clock.nowMs(),
        actor: deviceActor(deviceId),
        action: 'unattended.teardown',
        subject: sessionId,
        detail: { removed },
      })
    })
  }

  /** The device takes no unattended session any more. */
  async switchedOff(deviceId: string, wrongTries: number): Promise<void> {
    const { store, clock } = this.#parts
    await store.write(async tx => {
      const device = await tx.device(deviceId)
      if (!device || !(await tx.shutUnattended(deviceId, clock.nowMs()))) return
      await tx.audit({
        organisationId: device.organisationId,
        atMs: clock.nowMs(),
        actor: deviceActor(deviceId),
        action: 'unattended.switched-off',
        subject: deviceId,
        detail: { alert: true, wrongTries },
      })
    })
  }

  /** An administrator allows it again. Throws `not-found`, `forbidden`, or `device-offline`: the device has to hear it. */
  async allow(principal: Principal, deviceId: string): Promise<void> {
    const { store, clock, agents, devices, policies } = this.#parts
    const device = await devices.require(principal, deviceId)
    await policies.require(principal, 'manage-devices', device.groupId)
    await agents.request(deviceId, { type: 'unattended.allow' })
    await store.write(async tx => {
      await tx.allowUnattended(deviceId)
      await tx.audit({
        organisationId: device.organisationId,
        atMs: clock.nowMs(),
        actor: userActor(principal.user),
        action: 'unattended.allowed',
        subject: deviceId,
        detail: { name: device.name },
      })
    })
  }
}
