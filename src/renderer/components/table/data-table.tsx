import {
  type KeyboardEvent,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useRowWindow } from '../row-window.ts'
import { ColumnHeader } from './column-header.tsx'
import type { Column, TableOrder } from './columns.ts'
import { HEADER_HEIGHT, keepInSight, ROW_HEIGHT, SELECT_WIDTH } from './layout.ts'
import { SelectAll, type Selection } from './selection.tsx'
import { rowAfterKey } from './table-keys.ts'
import { TableRow } from './table-row.tsx'

export interface DataTableHandle {
  /** With the row at `index` as the active one; without it the one that was, or the first. */
  focus(index?: number): void
}

export interface DataTableProps<Row> {
  readonly label: string
  readonly keysHint: string
  readonly rows: readonly Row[]
  /** How many there are, where `rows` are only the first of them. */
  readonly total?: number | undefined
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly activeId: string | null
  readonly onActivate: (id: string) => void
  readonly onOpen: (row: Row) => void
  /** One click only makes the row the active one. */
  readonly opensOnDoubleClick?: boolean
  readonly order: TableOrder | null
  readonly onSort: (order: TableOrder) => void
  readonly selection?: Selection
  /** So many rows are, or soon will be, in sight; not all of them are there. */
  readonly onNeed?: ((rows: number) => void) | undefined
  readonly ref?: Ref<DataTableHandle>
}

/** So many rows before they are in sight more are asked for. */
const ROWS_AHEAD = 20

/** A list of any length: one stop of Tab, arrow keys inside, Enter opens, Space selects. Only the rows in sight are in the document. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, columns, keyOf, activeId, selection } = props
  const scroller = useRef<HTMLDivElement>(null)
  const table = useRef<HTMLTableElement>(null)
  const prefix = useId()
  const count = Math.max(rows.length, props.total ?? 0)
  const { first, end } = useRowWindow(scroller, ROW_HEIGHT, count)
  const activeIndex = useMemo(
    () => (activeId === null ? -1 : rows.findIndex(row => keyOf(row) === activeId)),
    [rows, keyOf, activeId],
  )
  useEffect(() => keepInSight(scroller.current, activeIndex), [activeIndex])
  const { onNeed, onActivate } = props
  // A key may lead to a row that isn't there yet: it becomes the active one when it is.
  const [goal, setGoal] = useState<number | null>(null)
  const needed = Math.max(end, goal === null ? 0 : goal + 1) + ROWS_AHEAD
  useEffect(() => {
    if (needed > rows.length) onNeed?.(needed)
  }, [needed, rows.length, onNeed])
  useEffect(() => {
    if (goal === null) return
    keepInSight(scroller.current, goal)
    const row = rows[Math.min(goal, count - 1)]
    if (!row) return
    setGoal(null)
    onActivate(keyOf(row))
  }, [goal, rows, count, keyOf, onActivate])
  useImperativeHandle(props.ref, () => ({
    focus(index) {
      const row = index === undefined ? undefined : rows[Math.min(index, rows.length - 1)]
      if (row) props.onActivate(keyOf(row))
      table.current?.focus()
    },
  }))
  const width = columns.length + (selection ? 1 : 0)

  const moveTo = (index: number) => {
    const row = rows[index]
    setGoal(row ? null : index)
    // At once: the next key, which may come before anything is drawn, is meant for this row.
    if (row) onActivate(keyOf(row))
  }

  const latest = useRef(props)
  latest.current = props
  const handleClick = useCallback((row: Row) => {
    const { onActivate, keyOf, opensOnDoubleClick, onOpen } = latest.current
    setGoal(null)
    onActivate(keyOf(row))
    if (!opensOnDoubleClick) onOpen(row)
  }, [])
  const handleDoubleClick = useCallback((row: Row) => {
    if (latest.current.opensOnDoubleClick) latest.current.onOpen(row)
  }, [])

  const handleKey = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return
    const active = rows[activeIndex]
    const pageRows = Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1
    const next = rows.length > 0 ? rowAfterKey(event.key, goal ?? activeIndex, count, pageRows) : undefined
    if (next !== undefined) moveTo(next)
    else if (event.key === 'Enter' && active) props.onOpen(active)
    else if (event.key === ' ' && active && selection) selection.onToggle(keyOf(active))
    else return
    event.preventDefault()
  }

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto border-t border-line bg-surface">
      <table
        ref={table}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: one stop of Tab that names its active row is what a grid is
        role="grid"
        aria-label={props.label}
        aria-description={props.keysHint}
        aria-rowcount={count + 1}
        aria-multiselectable={selection ? true : undefined}
        aria-activedescendant={activeIndex >= 0 ? `${prefix}${activeIndex}` : undefined}
        tabIndex={0}
        onKeyDown={handleKey}
        onFocus={event => {
          if (event.target === event.currentTarget && activeIndex < 0 && rows[0]) props.onActivate(keyOf(rows[0]))
        }}
        className="w-full table-fixed border-separate border-spacing-0 text-left focus-visible:outline-offset-[-2px]"
      >
        <colgroup>
          {selection ? <col style={{ width: SELECT_WIDTH }} /> : null}
          {columns.map(({ key, width: fixed }) => (
            <col key={key} style={{ width: fixed }} />
          ))}
        </colgroup>
        <thead className="sticky top-0 z-1">
          <tr aria-rowindex={1} style={{ height: HEADER_HEIGHT }}>
            {selection ? <SelectAll selection={selection} ids={rows.map(keyOf)} total={count} /> : null}
            {columns.map(column => (
              <ColumnHeader
                key={column.key}
                title={column.title}
                isTitleHidden={column.isTitleHidden ?? false}
                isRight={column.isRight ?? false}
                isBiggestFirst={column.compare?.isBiggestFirst ?? false}
                order={props.order?.column === column.key ? props.order : null}
                {...(column.compare || column.isSortable
                  ? { onSort: (isDescending: boolean) => props.onSort({ column: column.key, isDescending }) }
                  : {})}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} width={width} />
          {rows.slice(first, end).map((row, offset) => {
            const id = keyOf(row)
            const isActive = id === activeId
            return (
              <TableRow
                key={id}
                row={row}
                id={id}
                domId={`${prefix}${first + offset}`}
                index={first + offset}
                columns={columns}
                isActive={isActive}
                isSelected={selection?.ids.has(id) ?? isActive}
                selection={selection}
                onClick={handleClick}
                onDoubleClick={handleDoubleClick}
              />
            )
          })}
          <Gap rows={count - Math.min(end, Math.max(first, rows.length))} width={width} />
        </tbody>
      </table>
    </div>
  )
}

/** The room of the rows that aren't drawn. */
function Gap({ rows, width }: { rows: number; width: number }) {
  if (rows <= 0) return null
  return (
    <tr>
      <td colSpan={width} style={{ height: rows * ROW_HEIGHT }} />
    </tr>
  )
}
