import { clsx } from 'clsx'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { TableOrder } from './columns.ts'
import { CELL } from './layout.ts'

export function ColumnHeader({
  title,
  isTitleHidden,
  isRight,
  order,
  isBiggestFirst,
  onSort,
}: {
  title: string
  isTitleHidden: boolean
  isRight: boolean
  /** Null while the table isn't sorted by this column. */
  order: TableOrder | null
  isBiggestFirst: boolean
  /** Absent where there is nothing to sort by. */
  onSort?: (isDescending: boolean) => void
}) {
  const isFalling = order?.isDescending !== isBiggestFirst
  const Arrow = isFalling ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      aria-sort={order ? (isFalling ? 'descending' : 'ascending') : onSort ? 'none' : undefined}
      className={clsx(CELL, 'border-b border-line bg-bg text-xs font-normal text-muted', isRight && 'text-right')}
    >
      {onSort ? (
        <button
          type="button"
          tabIndex={-1}
          onClick={() => onSort(order !== null && !order.isDescending)}
          className={clsx(
            '-mx-1 inline-flex h-6 items-center gap-1 rounded px-1 hover:text-text',
            order && 'font-medium text-text',
          )}
        >
          {title}
          {order ? <Arrow aria-hidden size={12} /> : null}
        </button>
      ) : (
        <span className={isTitleHidden ? 'sr-only' : undefined}>{title}</span>
      )}
    </th>
  )
}
