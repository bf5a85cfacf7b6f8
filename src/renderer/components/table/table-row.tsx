import { clsx } from 'clsx'
import { memo, type ReactNode } from 'react'
import type { Column } from './columns.ts'
import { CELL, ROW_HEIGHT } from './layout.ts'
import { type Selection, SelectRow } from './selection.tsx'

interface TableRowProps<Row> {
  readonly row: Row
  readonly id: string
  /** Names it in the document. */
  readonly domId: string
  /** Of all rows, from 0. */
  readonly index: number
  readonly columns: readonly Column<Row>[]
  readonly isActive: boolean
  readonly isSelected: boolean
  readonly selection: Selection | undefined
  /** The same ones each time, so that what didn't change isn't drawn again. */
  readonly onClick: (row: Row) => void
  readonly onDoubleClick: (row: Row) => void
}

/** One row of a `DataTable`. While a long list scrolls, only rows that come into sight are drawn. */
export const TableRow = memo(function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, id, index, columns, selection } = props
  return (
    <tr
      id={props.domId}
      aria-rowindex={index + 2}
      aria-selected={props.isSelected}
      onClick={() => props.onClick(row)}
      onDoubleClick={() => props.onDoubleClick(row)}
      className={clsx(props.isActive ? 'bg-accent-soft' : 'hover:bg-hover')}
      style={{ height: ROW_HEIGHT }}
    >
      {selection ? <SelectRow selection={selection} id={id} /> : null}
      {columns.map(column => (
        <td
          key={column.key}
          // Only what is pointed at has one: a list that scrolls would set thousands.
          onMouseEnter={event => {
            if (column.hint) event.currentTarget.title = column.hint(row)
          }}
          className={clsx(CELL, 'border-b border-line', column.isRight && 'text-right tabular-nums')}
        >
          {column.render(row)}
        </td>
      ))}
    </tr>
  )
}) as <Row>(props: TableRowProps<Row>) => ReactNode
