import { HandholdError } from '#protocol/errors.ts'
import type { RelayToAgent } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import type { Clock } from '../domain/clock.ts'
import type { AgentGateway, CutOffReason } from '../domain/gateways.ts'

export interface AgentLink {
  request(message: RelayToAgent): Promise<void>
  handled(): Promise<void>
  close(code: number, reason: string): void
}

/** How long an older connection has to show that it lives; one whose network is gone can't. */
const PRESENCE_TIMEOUT_MS = 3_000

/** The devices' sockets that have proven their key and are open now. */
export class AgentHub implements AgentGateway {
  readonly #byDevice = new Map<string, AgentLink>()
  /** Devices that wait for approval: nothing is sent to them. */
  readonly #waiting = new Map<string, AgentLink>()

  /** A device has one socket: the newest that proved its key. */
  attach(deviceId: string, link: AgentLink): void {
    const older = this.#byDevice.get(deviceId)
    this.#byDevice.set(deviceId, link)
    older?.close(CLOSE.replaced, 'replaced')
  }

  attachWaiting(deviceId: string, link: AgentLink): void {
    const older = this.#waiting.get(deviceId)
    this.#waiting.set(deviceId, link)
    older?.close(CLOSE.replaced, 'replaced')
  }

  /**
   * Whether the device's present connection answers now. An agent never dials while it has a connection, and what it has given up answers no more: if
   * this one does while another proves the same key, the key is in two places.
   */
  async isAnswering(deviceId: string, clock: Clock): Promise<boolean> {
    const link = this.#byDevice.get(deviceId) ?? this.#waiting.get(deviceId)
    if (!link) return false
    const silence = Promise.withResolvers<boolean>()
    const cancelTimer = clock.setTimer(() => silence.resolve(false), PRESENCE_TIMEOUT_MS)
    const answer = link.request({ type: 'presence.check' }).then(
      () => true,
      () => false,
    )
    return Promise.race([answer, silence.promise]).finally(cancelTimer)
  }

  /** Whether this link was the device's; a replaced one isn't any more. */
  detach(deviceId: string, link: AgentLink): boolean {
    if (this.#waiting.get(deviceId) === link) this.#waiting.delete(deviceId)
    if (this.#byDevice.get(deviceId) !== link) return false
    return this.#byDevice.delete(deviceId)
  }

  /** Devices whose connection is open. */
  get size(): number {
    return this.#byDevice.size
  }

  isOnline(deviceId: string): boolean {
    return this.#byDevice.has(deviceId)
  }

  async request(deviceId: string, message: RelayToAgent): Promise<void> {
    const link = this.#byDevice.get(deviceId)
    if (!link) throw new HandholdError('device-offline', 'The device is not connected now. Wait until it is back.')
    await link.request(message)
  }

  async handled(deviceId: string): Promise<void> {
    await this.#byDevice.get(deviceId)?.handled()
  }

  notify(deviceId: string, message: RelayToAgent): void {
    // Whoever needs the answer uses `request`; a lost link shows in the device's presence.
    this.#byDevice
      .get(deviceId)
      ?.request(message)
      .catch(() => undefined)
  }

  /** Every device that is welcome now. */
  notifyAll(message: RelayToAgent): void {
    for (const deviceId of this.#byDevice.keys()) this.notify(deviceId, message)
  }

  cutOff(deviceId: string, why: CutOffReason): void {
    for (const links of [this.#byDevice, this.#waiting]) {
      const link = links.get(deviceId)
      links.delete(deviceId)
      link?.close(CLOSE[why], why)
    }
  }
}
