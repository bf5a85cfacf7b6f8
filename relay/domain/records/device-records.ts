import { HandholdError } from '#protocol/errors.ts'
import { type DeviceFilter, SAVED_FILTERS_MAX } from '#protocol/records-http.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { DeviceRecord, Store, Writer } from '../store.ts'
import { networksOf } from './networks.ts'

export interface DeviceRecordsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly devices: Devices
  readonly policies: Policies
}

/** What people and the device itself add to its record: tags, notes, what it is made of, when it was here. */
export class DeviceRecords {
  readonly #parts: DeviceRecordsParts

  constructor(parts: DeviceRecordsParts) {
    this.#parts = parts
  }

  /** What the device said last that it is made of. Throws `not-found`. */
  async inventory(principal: Principal, deviceId: string) {
    await this.#parts.devices.require(principal, deviceId)
    const known = await this.#parts.store.read.records.inventory(deviceId)
    return { inventory: known?.inventory ?? null, atMs: known?.atMs ?? null }
  }

  /** Takes `manage-devices` in the device's group. */
  async setTags(principal: Principal, deviceId: string, tags: readonly string[]): Promise<void> {
    const { policies, devices } = this.#parts
    const device = await devices.require(principal, deviceId)
    await policies.require(principal, 'manage-devices', device.groupId)
    const wished = [...new Set(tags)].sort()
    await this.#write(principal, device, 'device.tagged', { tags: wished }, async tx => {
      await tx.records.setTags(device.organisationId, deviceId, wished)
      await tx.records.index(deviceId)
    })
    devices.announce(deviceId)
  }

  /** Whoever may connect to the device may leave a note. */
  async addNote(principal: Principal, deviceId: string, text: string): Promise<{ id: string }> {
    const { clock, chance } = this.#parts
    const device = await this.#parts.devices.require(principal, deviceId)
    const note = { id: newId('note', chance), deviceId, atMs: clock.nowMs(), text }
    const author = { authorId: principal.user.id, author: principal.user.name }
    await this.#write(principal, device, 'device.note-added', { noteId: note.id }, tx =>
      tx.records.insertNote({ ...note, ...author }),
    )
    return { id: note.id }
  }

  /** Takes `manage-devices`: a note is what others go by. Throws `not-found`. */
  async removeNote(principal: Principal, deviceId: string, noteId: string): Promise<void> {
    const device = await this.#parts.devices.require(principal, deviceId)
    await this.#parts.policies.require(principal, 'manage-devices', device.groupId)
    await this.#write(principal, device, 'device.note-removed', { noteId }, async tx => {
      if (!(await tx.records.deleteNote(deviceId, noteId)))
        throw new HandholdError('not-found', 'There is no such note. Refresh the device.')
    })
  }

  async notes(principal: Principal, deviceId: string, after: readonly [number, string] | undefined, limit: number) {
    await this.#parts.devices.require(principal, deviceId)
    return this.#parts.store.read.records.notes(deviceId, after, limit)
  }

  async presence(principal: Principal, deviceId: string, beforeId: number | undefined, limit: number) {
    await this.#parts.devices.require(principal, deviceId)
    return this.#parts.store.read.records.spans(deviceId, beforeId, limit)
  }

  /** What the device says that it is made of. Nothing is decided by it. */
  async report(device: Pick<DeviceRecord, 'id' | 'organisationId'>, inventory: DeviceInventory): Promise<void> {
    const atMs = this.#parts.clock.nowMs()
    await this.#parts.store.write(async tx => {
      await tx.records.setInventory(device, inventory, networksOf(inventory), atMs)
      await tx.records.index(device.id)
    })
  }

  async filters(principal: Principal) {
    return this.#parts.store.read.records.filters(principal.user.id)
  }

  /** Throws `name-taken`, or `bad-request` for one too many. */
  async saveFilter(principal: Principal, name: string, filter: DeviceFilter): Promise<{ id: string }> {
    const id = newId('savedFilter', this.#parts.chance)
    await this.#parts.store.write(async tx => {
      const own = await tx.records.filters(principal.user.id)
      if (own.length >= SAVED_FILTERS_MAX)
        throw new HandholdError('bad-request', `${SAVED_FILTERS_MAX} filters are the most. Delete one first.`)
      if (own.some(known => known.name === name))
        throw new HandholdError('name-taken', `You have a filter "${name}" already. Choose another name.`)
      const owner = { organisationId: principal.organisation.id, userId: principal.user.id }
      await tx.records.insertFilter({ id, name, filter: JSON.stringify(filter), ...owner })
    })
    return { id }
  }

  /** Throws `not-found`. */
  async removeFilter(principal: Principal, id: string): Promise<void> {
    const isGone = await this.#parts.store.write(tx => tx.records.deleteFilter(principal.user.id, id))
    if (!isGone) throw new HandholdError('not-found', 'You have no such filter. Refresh the list.')
  }

  async #write(
    principal: Principal,
    { id, organisationId }: DeviceRecord,
    action: string,
    detail: Readonly<Record<string, unknown>>,
    work: (tx: Writer) => Promise<void>,
  ): Promise<void> {
    const atMs = this.#parts.clock.nowMs()
    await this.#parts.store.write(async tx => {
      // It may have been removed in between.
      if (!(await tx.device(id))) throw new HandholdError('not-found', 'The device was removed.')
      await work(tx)
      await tx.audit({ organisationId, atMs, actor: userActor(principal.user), action, subject: id, detail })
    })
  }
}
