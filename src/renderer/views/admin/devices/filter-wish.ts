import type { DeviceFilter } from '#protocol/records-http.ts'
import type { TableOrder } from '../../../components/table/columns.ts'
import { FIRST_ORDER, orderOf, sortOf } from '../../devices/device-order.ts'
import { DEVICE_STATES, filterOfState } from './device-state.ts'

export const ALL = 'all'
export const PLATFORMS = ['linux', 'win32', 'darwin'] as const

/** What the fields above the list say. */
export interface FilterWish {
  readonly query: string
  readonly groupId: string
  readonly state: (typeof DEVICE_STATES)[number] | typeof ALL
  readonly platform: (typeof PLATFORMS)[number] | typeof ALL
  readonly tag: string
  readonly order: TableOrder
}

export const NO_WISH: FilterWish = { query: '', groupId: ALL, state: ALL, platform: ALL, tag: '', order: FIRST_ORDER }

/** How the relay is asked for it. */
export function filterOf({ query, groupId, state, platform, tag, order }: FilterWish): DeviceFilter {
  const [q, oneTag] = [query.trim(), tag.trim().toLowerCase()]
  return {
    ...sortOf(order),
    ...(q === '' ? {} : { q }),
    ...(groupId === ALL ? {} : { groupId }),
    ...(state === ALL ? {} : filterOfState(state)),
    ...(platform === ALL ? {} : { platform }),
    ...(oneTag === '' ? {} : { tag: oneTag }),
  }
}

/** What the fields say for a filter that was saved. */
export function wishOf(filter: DeviceFilter): FilterWish {
  const { q = '', groupId = ALL, status, online, platform = ALL, tag = '' } = filter
  const asked = DEVICE_STATES.find(state => {
    const of = filterOfState(state)
    return of.online === online && (of.status === status || (online !== undefined && status === undefined))
  })
  const known = PLATFORMS.find(name => name === platform)
  return { query: q, groupId, state: asked ?? ALL, platform: known ?? ALL, tag, order: orderOf(filter) }
}

/** Something narrows the list, so that an empty one says nothing of what there is. */
export const isNarrowed = ({ q, groupId, tag, status, platform, online }: DeviceFilter): boolean =>
  [q, groupId, tag, status, platform, online].some(value => value !== undefined)

/** Whether both ask for the same devices in the same order. */
export const isSameFilter = (one: DeviceFilter, other: DeviceFilter): boolean =>
  JSON.stringify(filterOf(wishOf(one))) === JSON.stringify(filterOf(wishOf(other)))
