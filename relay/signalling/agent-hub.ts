import { HandholdError } from '#protocol/errors.ts'
import type { RelayToAgent } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import type { AgentGateway } from '../domain/gateways.ts'

export interface AgentLink {
  request(message: RelayToAgent): Promise<void>
  close(code: number, reason: string): void
}

/** The devices' sockets that have proven their key and are open now. */
export class AgentHub implements AgentGateway {
  readonly #byDevice = new Map<string, AgentLink>()

  /** A device has one socket: the newest that proved its key. */
  attach(deviceId: string, link: AgentLink): void {
    const older = this.#byDevice.get(deviceId)
    this.#byDevice.set(deviceId, link)
    older?.close(CLOSE.replaced, 'replaced')
  }

  /** Whether this link was the device's; a replaced one isn't any more. */
  detach(deviceId: string, link: AgentLink): boolean {
    if (this.#byDevice.get(deviceId) !== link) return false
    return this.#byDevice.delete(deviceId)
  }

  isOnline(deviceId: string): boolean {
    return this.#byDevice.has(deviceId)
  }

  async request(deviceId: string, message: RelayToAgent): Promise<void> {
    const link = this.#byDevice.get(deviceId)
    if (!link) throw new HandholdError('device-offline', 'The device is not connected now. Wait until it is back.')
    await link.request(message)
  }

  notify(deviceId: string, message: RelayToAgent): void {
    // Whoever needs the answer uses `request`; a lost link shows in the device's presence.
    this.#byDevice
      .get(deviceId)
      ?.request(message)
      .catch(() => undefined)
  }

  remove(deviceId: string): void {
    const link = this.#byDevice.get(deviceId)
    this.#byDevice.delete(deviceId)
    link?.close(CLOSE.removed, 'removed')
  }
}
