import { useEffect, useRef } from 'react'
import type { SessionTab } from '#ipc/operator.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import { useRowWindow } from '../../components/row-window.ts'
import { DeviceRow } from './device-row.tsx'
import type { SortColumn, SortOrder } from './device-rows.ts'
import { CELL, COLUMN_WIDTHS, HEADER_HEIGHT, ROW_HEIGHT } from './device-table-layout.ts'
import { SortHeader } from './sort-header.tsx'
import { strings } from './strings.ts'

const SORTABLE: readonly SortColumn[] = ['status', 'name', 'system', 'lastSeen']

/** One stop of Tab; the arrow keys move inside. Only the rows in sight are in the document. */
export function DeviceTable(props: {
  rows: readonly DeviceView[]
  sessions: readonly SessionTab[]
  order: SortOrder
  activeId: string | null
  onSort: (order: SortOrder) => void
  onActivate: (deviceId: string) => void
  onOpen: (deviceId: string) => void
  /** Whether the key meant something to the list. */
  onKey: (key: string, pageRows: number) => boolean
}) {
  const { rows, sessions, order, activeId } = props
  const scroller = useRef<HTMLDivElement>(null)
  const { first, end } = useRowWindow(scroller, ROW_HEIGHT, rows.length)
  const activeIndex = rows.findIndex(device => device.id === activeId)
  useEffect(() => keepInSight(scroller.current, activeIndex), [activeIndex])
  const live = new Map(sessions.filter(tab => tab.state.name !== 'closed').map(tab => [tab.deviceId, tab]))

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto border-t border-line bg-surface">
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: one stop of Tab that names its active row is what a grid is
        role="grid"
        aria-label={strings.title}
        aria-description={strings.keysHint}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={activeIndex >= 0 ? rowId(rows[activeIndex]?.id ?? '') : undefined}
        tabIndex={0}
        onKeyDown={event => {
          if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return
          const pageRows = Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1
          if (props.onKey(event.key, pageRows)) event.preventDefault()
        }}
        onFocus={event => {
          if (event.target === event.currentTarget && activeIndex < 0 && rows[0]) props.onActivate(rows[0].id)
        }}
        className="w-full table-fixed border-separate border-spacing-0 text-left focus-visible:outline-offset-[-2px]"
      >
        <colgroup>
          {COLUMN_WIDTHS.map((width, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change places
            <col key={column} style={{ width }} />
          ))}
        </colgroup>
        <thead className="sticky top-0 z-1">
          <tr aria-rowindex={1} style={{ height: HEADER_HEIGHT }}>
            {SORTABLE.map(column => (
              <SortHeader key={column} column={column} order={order} onSort={props.onSort} />
            ))}
            <th scope="col" className={`${CELL} border-b border-line bg-bg`}>
              <span className="sr-only">{strings.columns.action}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} />
          {rows.slice(first, end).map((device, offset) => (
            <DeviceRow
              key={device.id}
              id={rowId(device.id)}
              device={device}
              index={first + offset}
              isActive={device.id === activeId}
              tab={live.get(device.id)}
              onActivate={props.onActivate}
              onOpen={props.onOpen}
            />
          ))}
          <Gap rows={rows.length - end} />
        </tbody>
      </table>
    </div>
  )
}

/** The room of the rows that aren't drawn. */
function Gap({ rows }: { rows: number }) {
  if (rows <= 0) return null
  return (
    <tr>
      <td colSpan={COLUMN_WIDTHS.length} style={{ height: rows * ROW_HEIGHT }} />
    </tr>
  )
}

const rowId = (deviceId: string) => `row-${deviceId}`

function keepInSight(scroller: HTMLElement | null, index: number): void {
  if (!scroller || index < 0) return
  const top = index * ROW_HEIGHT
  const bottom = top + ROW_HEIGHT + HEADER_HEIGHT
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight
}
