import type { DeviceFilter, DeviceSort } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import type { TableOrder } from '../../components/table/columns.ts'

export type DeviceStatus = 'busy' | 'online' | 'offline'

export const statusOf = (device: DeviceView): DeviceStatus =>
  device.busy ? 'busy' : device.online ? 'online' : 'offline'

export const FIRST_ORDER: TableOrder = { column: 'name', isDescending: false }

/** How the relay is asked for a column's order. Who was seen last comes first, unless it is turned round. */
export function sortOf({ column, isDescending }: TableOrder): Pick<DeviceFilter, 'sort' | 'order'> {
  const isReversed = column === 'seen' ? !isDescending : isDescending
  return { sort: column as DeviceSort, order: isReversed ? 'descending' : 'ascending' }
}

/** The column and direction that a filter asks for. */
export const orderOf = ({ sort = 'name', order }: Pick<DeviceFilter, 'sort' | 'order'>): TableOrder => ({
  column: sort,
  isDescending: (order === 'descending') !== (sort === 'seen'),
})
