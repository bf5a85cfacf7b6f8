import type { DeviceView } from '#protocol/wire/views.ts'

export type DeviceStatus = 'busy' | 'online' | 'offline'
export type SortColumn = 'status' | 'name' | 'system' | 'lastSeen'
export interface SortOrder {
  readonly column: SortColumn
  readonly isDescending: boolean
}

export const statusOf = (device: DeviceView): DeviceStatus =>
  device.busy ? 'busy' : device.online ? 'online' : 'offline'

const STATUS_ORDER: Record<DeviceStatus, number> = { busy: 0, online: 1, offline: 2 }
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const COMPARE: Record<SortColumn, (a: DeviceView, b: DeviceView) => number> = {
  status: (a, b) => STATUS_ORDER[statusOf(a)] - STATUS_ORDER[statusOf(b)],
  name: (a, b) => collator.compare(a.name, b.name),
  system: (a, b) => collator.compare(a.facts.osName, b.facts.osName),
  lastSeen: (a, b) => seenAt(b) - seenAt(a),
}

const seenAt = (device: DeviceView) => (device.online ? Number.POSITIVE_INFINITY : (device.lastSeenAtMs ?? 0))

/** The devices that hold every word of `query`, in order. Equal ones stand by name, so that rows don't jump. */
export function deviceRows(
  devices: readonly DeviceView[],
  query: string,
  order: SortOrder,
  statusWords: Record<DeviceStatus, string>,
): DeviceView[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = (device: DeviceView) => {
    const text = [device.name, device.facts.hostname, device.facts.osName, statusWords[statusOf(device)]]
      .join('\n')
      .toLowerCase()
    return words.every(word => text.includes(word))
  }
  const direction = order.isDescending ? -1 : 1
  return devices
    .filter(matches)
    .toSorted((a, b) => compare(a, b, order.column) * direction || COMPARE.name(a, b) || collator.compare(a.id, b.id))
}

const compare = (a: DeviceView, b: DeviceView, column: SortColumn) => {
  const result = COMPARE[column](a, b)
  // Infinity minus infinity: both are here now.
  return Number.isNaN(result) ? 0 : result
}
