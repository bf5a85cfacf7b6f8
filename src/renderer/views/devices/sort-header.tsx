import { clsx } from 'clsx'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { SortColumn, SortOrder } from './device-rows.ts'
import { CELL } from './device-table-layout.ts'
import { strings } from './strings.ts'

export function SortHeader({
  column,
  order,
  onSort,
}: {
  column: SortColumn
  order: SortOrder
  onSort: (order: SortOrder) => void
}) {
  const isSorted = order.column === column
  const Arrow = order.isDescending ? ArrowDown : ArrowUp
  const label = strings.columns[column]
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (order.isDescending ? 'descending' : 'ascending') : 'none'}
      className={`${CELL} border-b border-line bg-bg text-xs font-normal text-muted`}
    >
      <button
        type="button"
        title={strings.sortBy(label)}
        onClick={() => onSort({ column, isDescending: isSorted && !order.isDescending })}
        className={clsx(
          '-mx-1 inline-flex h-6 items-center gap-1 rounded px-1 hover:text-text',
          isSorted && 'font-medium text-text',
        )}
      >
        {label}
        {isSorted ? <Arrow aria-hidden size={12} /> : null}
      </button>
    </th>
  )
}
