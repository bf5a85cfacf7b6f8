import type { CallArgs, CallResult } from '#ipc/contract.ts'
import type { OperatorContract } from '#ipc/operator.ts'
import { HandholdError, type WireError } from '#protocol/errors.ts'
import type { DeviceSort } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'

/** The devices of a relay that isn't there. */
export interface FakeDevices {
  /** What every question is refused with. */
  readonly error: WireError | null
  readonly devices: readonly DeviceView[]
}

type Query = CallArgs<OperatorContract, 'listDevices'>

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const byName = (a: DeviceView, b: DeviceView) => collator.compare(a.name, b.name) || collator.compare(a.id, b.id)
const seenAt = ({ online, lastSeenAtMs }: DeviceView) => (online ? Number.MAX_SAFE_INTEGER : (lastSeenAtMs ?? 0))

const COMPARE: Record<DeviceSort, (a: DeviceView, b: DeviceView) => number> = {
  name: byName,
  status: (a, b) => Number(b.online) - Number(a.online) || byName(a, b),
  seen: (a, b) => seenAt(a) - seenAt(b) || byName(a, b),
  system: (a, b) => collator.compare(a.facts.osName, b.facts.osName) || byName(a, b),
}

/** A page as a relay finds it: every word somewhere in the record, filtered, in the wished order. A cursor is a number of rows here. */
export function pageOfDevices(
  { error, devices }: FakeDevices,
  query: Query,
): CallResult<OperatorContract, 'listDevices'> {
  if (error) throw HandholdError.fromWire(error)
  const { q = '', status, online, groupId, sort = 'name', order = 'ascending', cursor, limit = 200 } = query
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (device: DeviceView) =>
    (status === undefined || device.status === status) &&
    (online === undefined || String(device.online) === online) &&
    (groupId === undefined || device.groupId === groupId) &&
    words.every(word => textOf(device).includes(word))
  const direction = order === 'ascending' ? 1 : -1
  const found = devices.filter(fits).sort((a, b) => COMPARE[sort](a, b) * direction)
  const from = Number(cursor ?? 0)
  const end = from + limit
  return {
    devices: found.slice(from, end),
    total: from === 0 ? found.length : null,
    nextCursor: end < found.length ? String(end) : null,
  }
}

const textOf = ({ name, facts, owner, tags }: DeviceView): string =>
  [name, facts.hostname, facts.osName, owner?.userName, owner?.email, ...tags].join('\n').toLowerCase()
