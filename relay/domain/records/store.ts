import type { DeviceStatus } from '#protocol/device-status.ts'
import type { DeviceSort } from '#protocol/records-http.ts'
import type { DeviceInventory } from '#protocol/wire/inventory.ts'
import type { DeviceRecord } from '../device-record.ts'

/** What a page of devices begins after: the sorted columns of its last row. */
export type DeviceKey = readonly (string | number)[]

export interface DevicePage {
  readonly after?: DeviceKey | undefined
  readonly limit: number
  /** Asks how many there are in all; no more than this many are counted. */
  readonly countMax?: number | undefined
}

export interface DeviceQuery {
  readonly organisationId: string
  /** Null means all of the organisation's. */
  readonly groupIds: readonly string[] | null
  /** Where devices that wait for approval are shown; null everywhere. */
  readonly pendingGroupIds: readonly string[] | null
  readonly text?: string | undefined
  readonly tag?: string | undefined
  readonly status?: DeviceStatus | undefined
  readonly platform?: string | undefined
  readonly isOnline?: boolean | undefined
  readonly sort: DeviceSort
  readonly isDescending: boolean
}

/** What a list shows of a device. */
export type ShownDevice = Pick<
  DeviceRecord,
  'id' | 'name' | 'groupId' | 'facts' | 'status' | 'statusReason' | 'owner' | 'lastSeenAtMs' | 'enrolledAtMs'
> & { readonly busy: boolean; readonly tags: readonly string[] }

export interface ListedDevice extends ShownDevice {
  /** Its place in the order that was asked for. */
  readonly sortKey: DeviceKey
}

export interface DeviceNote {
  readonly id: string
  readonly author: string
  readonly atMs: number
  readonly text: string
}

export interface PresenceSpan {
  readonly id: number
  readonly fromMs: number
  readonly toMs: number | null
}

export interface SavedFilter {
  readonly id: string
  readonly name: string
  /** JSON. */
  readonly filter: string
}

export interface RecordsReader {
  /** `total` is null where no `countMax` asks for it. */
  page(
    query: DeviceQuery,
    page: DevicePage,
  ): Promise<{ readonly devices: ListedDevice[]; readonly total: number | null }>
  tags(deviceIds: readonly string[]): Promise<Map<string, string[]>>
  inventory(deviceId: string): Promise<{ readonly atMs: number; readonly inventory: DeviceInventory } | undefined>
  notes(deviceId: string, after: readonly [number, string] | undefined, limit: number): Promise<DeviceNote[]>
  /** Newest first, spans that began before `beforeId`'s. */
  spans(deviceId: string, beforeId: number | undefined, limit: number): Promise<PresenceSpan[]>
  filters(userId: string): Promise<SavedFilter[]>
  /** Active devices that are here and have an address in the network. */
  neighbours(
    organisationId: string,
    network: string,
  ): Promise<{ readonly id: string; readonly groupId: string | null }[]>
  /** Devices whose words are in no index yet. */
  unindexed(limit: number): Promise<string[]>
  /** Devices that the database takes as present. */
  present(): Promise<string[]>
  pulse(): Promise<number | undefined>
}

export interface RecordsWriter extends RecordsReader {
  /** Writes anew by what the device is found and ordered. After every change of its name, facts, owner, tags or inventory. */
  index(deviceId: string): Promise<void>
  setTags(organisationId: string, deviceId: string, tags: readonly string[]): Promise<void>
  setInventory(
    device: { readonly id: string; readonly organisationId: string },
    inventory: DeviceInventory,
    networks: readonly string[],
    atMs: number,
  ): Promise<void>
  insertNote(note: DeviceNote & { readonly deviceId: string; readonly authorId: string }): Promise<void>
  deleteNote(deviceId: string, id: string): Promise<boolean>
  arrived(deviceId: string, atMs: number): Promise<void>
  left(deviceId: string, atMs: number): Promise<void>
  setPulse(atMs: number): Promise<void>
  insertFilter(filter: SavedFilter & { readonly organisationId: string; readonly userId: string }): Promise<void>
  deleteFilter(userId: string, id: string): Promise<boolean>
  /** Everything but the bare record and its history, of a device that goes. */
  forget(deviceId: string, atMs: number): Promise<void>
}
