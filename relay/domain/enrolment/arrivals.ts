import type { QuarantineReason } from '#protocol/device-status.ts'
import type { DeviceFactsWire, DeviceOwner } from '#protocol/wire/views.ts'
import { deviceActor, RELAY_ACTOR } from '../audit.ts'
import type { Clock } from '../clock.ts'
import { nameOf } from '../devices.ts'
import type { DeviceRecord, Store, Writer } from '../store.ts'
import type { Boot } from './store.ts'

/** What a device that has proved its key says of itself. */
export interface Arrival {
  readonly facts: DeviceFactsWire
  readonly owner: DeviceOwner | null
  readonly boot: Boot
  readonly address: string
}

export type Admission =
  | { readonly kind: 'active' | 'pending'; readonly device: DeviceRecord }
  | { readonly kind: 'quarantined'; readonly reason: QuarantineReason; readonly isNew: boolean }
  | { readonly kind: 'removed' }

/** Whether a device that comes may come in, decided and written in one transaction. */
export class Arrivals {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** `isTwice`: another connection with this key answers at this moment. */
  admit(deviceId: string, arrival: Arrival, isTwice: boolean): Promise<Admission> {
    return this.#store.write(async tx => {
      const device = await tx.device(deviceId)
      if (!device) return { kind: 'removed' }
      if (device.status === 'quarantined')
        return { kind: 'quarantined', reason: device.statusReason ?? 'administrator', isNew: false }
      if (isTwice) return this.#quarantine(tx, device, arrival, 'cloned', {})
      const known = await tx.enrolment.boot(deviceId)
      if (known && isOlderCopy(known, arrival.boot))
        return this.#quarantine(tx, device, arrival, 'state-rolled-back', {
          knownBoots: known.count,
          saidBoots: arrival.boot.count,
        })
      await this.#write(tx, device, arrival)
      return { kind: device.status, device }
    })
  }

  async #quarantine(
    tx: Writer,
    { id, organisationId, status }: DeviceRecord,
    { address, facts }: Arrival,
    reason: QuarantineReason,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<Admission> {
    const atMs = this.#clock.nowMs()
    await tx.enrolment.setStatus(id, 'quarantined', reason, atMs)
    await tx.audit({
      organisationId,
      atMs,
      actor: RELAY_ACTOR,
      action: 'device.quarantined',
      subject: id,
      detail: { reason, was: status, address, hostname: facts.hostname, ...detail },
    })
    return { kind: 'quarantined', reason, isNew: true }
  }

  async #write(tx: Writer, device: DeviceRecord, { facts, owner, boot, address }: Arrival): Promise<void> {
    const atMs = this.#clock.nowMs()
    const name = nameOf(facts)
    await tx.updateDeviceFacts(device.id, name, facts, atMs)
    await tx.enrolment.setOwner(device.id, owner)
    await tx.enrolment.setBoot(device.id, boot)
    await tx.records.index(device.id)
    if (name === device.name) return
    await tx.audit({
      organisationId: device.organisationId,
      atMs,
      actor: deviceActor(device.id),
      action: 'device.renamed',
      subject: device.id,
      detail: { from: device.name, to: name, address },
    })
  }
}

/** Each start counts up before it is told, so a start of another number or name has to be a later one. */
const isOlderCopy = (known: Boot, said: Boot): boolean =>
  said.id === known.id ? said.count < known.count : said.count <= known.count
