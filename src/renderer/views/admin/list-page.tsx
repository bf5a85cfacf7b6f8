import { RefreshCw } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { SearchField } from '../../components/search-field.tsx'
import { arrangeRows, type Column, type TableOrder } from '../../components/table/columns.ts'
import { DataTable, type DataTableHandle } from '../../components/table/data-table.tsx'
import type { Selection } from '../../components/table/selection.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { FailedPage, LoadingPage, NoMatch } from '../page-states.tsx'
import type { Loaded } from '../use-loaded.ts'
import type { Pages } from '../use-pages.ts'
import { PagesFoot } from './more-button.tsx'
import { strings } from './strings.ts'

export interface ListPageProps<Row> {
  readonly title: string
  readonly searchLabel: string
  readonly loading: string
  readonly count: (shown: number, total: number) => string
  /** The rows come page by page. */
  readonly pages?: ListPages
  /** The relay searches, and gives the rows in its own order. */
  readonly remote?: RemoteList
  readonly rows: Loaded<readonly Row[]>
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  /** What the search looks at. */
  readonly textOf: (row: Row) => string
  readonly onReload: () => void
  readonly firstOrder?: TableOrder
  readonly selection?: Selection
  readonly actions?: ReactNode
  /** Between heading and list: filters, acts on what is selected. */
  readonly bar?: ReactNode
  /** Instead of an empty list: what it is for and what to do. */
  readonly empty: ReactNode
  readonly drawer?: (row: Row, close: () => void) => ReactNode
  /** Instead of a drawer. */
  readonly onOpen?: (row: Row) => void
  /** Before the heading, for a list that belongs to another one's row. */
  readonly back?: ReactNode
}

type ListPages = Pick<Pages<unknown>, 'hasMore' | 'total' | 'isBusy' | 'refusal' | 'more'>

export interface RemoteList {
  readonly query: string
  readonly onQuery: (query: string) => void
  /** Something narrows the list, so that an empty one says nothing of what there is. */
  readonly isNarrowed: boolean
  /** Takes away what narrows it beside the search. */
  readonly onClearFilters?: () => void
  /** Where the relay gives them in any order that is wished. */
  readonly order?: TableOrder
  readonly onOrder?: (order: TableOrder) => void
}

/** A page that is a list: search, order, keyboard, one row opened beside it, and words for every state in which there is no list. */
export function ListPage<Row>(props: ListPageProps<Row>) {
  const { rows, columns, keyOf, textOf } = props
  const { remote } = props
  const [ownQuery, setOwnQuery] = useState('')
  const query = remote?.query ?? ownQuery
  const setQuery = remote?.onQuery ?? setOwnQuery
  const [ownOrder, setOwnOrder] = useState<TableOrder | null>(props.firstOrder ?? null)
  const order = remote?.order ?? ownOrder
  const setOrder = remote?.onOrder ?? setOwnOrder
  const clearFilters = remote?.onClearFilters ?? (() => setQuery(''))
  const [activeId, setActiveId] = useState<string | null>(null)
  const [openId, setOpenId] = useState<string | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const table = useRef<DataTableHandle>(null)
  const all = rows.name === 'ready' ? rows.value : NONE
  const shown = useMemo(
    () => (remote ? (all as readonly Row[]) : arrangeRows(all as readonly Row[], query, textOf, columns, order)),
    [remote, all, query, textOf, columns, order],
  )
  const total = remote ? (props.pages?.total ?? null) : null
  const open = openId === null ? undefined : (all as readonly Row[]).find(row => keyOf(row) === openId)
  const close = () => {
    setOpenId(null)
    table.current?.focus()
  }
  const isGone = openId !== null && rows.name === 'ready' && open === undefined
  useEffect(() => {
    // Whoever took away what was open goes on in the list by the keyboard.
    if (isGone) {
      setOpenId(null)
      table.current?.focus()
    }
  }, [isGone])

  return (
    <section aria-label={props.title} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex items-center gap-3 px-5 pt-4 pb-3">
        {props.back}
        <h1 className="text-lg font-semibold whitespace-nowrap">{props.title}</h1>
        {rows.name === 'ready' && all.length > 0 ? (
          <span role="status" className="truncate text-muted">
            {props.count(total ?? shown.length, total ?? all.length)}
            {props.pages?.hasMore && total === null ? strings.andMore : null}
          </span>
        ) : null}
        <div className="flex-1" />
        <SearchField
          label={props.searchLabel}
          value={query}
          onChange={setQuery}
          onDown={() => table.current?.focus()}
          field={search}
        />
        <ToolButton label={strings.refresh} className="h-8 min-w-8" onClick={props.onReload}>
          <RefreshCw aria-hidden size={15} />
        </ToolButton>
        {props.actions}
      </header>
      {props.bar}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          {rows.name === 'loading' ? (
            <LoadingPage words={props.loading} />
          ) : rows.name === 'failed' ? (
            <FailedPage message={rows.refusal.message} onRetry={props.onReload} />
          ) : all.length === 0 && !remote?.isNarrowed ? (
            props.empty
          ) : shown.length === 0 ? (
            <NoMatch query={query} onClear={query.trim() === '' ? clearFilters : () => setQuery('')} />
          ) : (
            <DataTable
              ref={table}
              label={props.title}
              keysHint={props.selection ? strings.keysHintSelect : strings.keysHint}
              rows={shown}
              total={total ?? undefined}
              columns={open === undefined ? columns : columns.filter(({ isWide }) => !isWide)}
              keyOf={keyOf}
              activeId={activeId}
              onActivate={setActiveId}
              onOpen={row => (props.onOpen ? props.onOpen(row) : setOpenId(props.drawer ? keyOf(row) : null))}
              order={order}
              onSort={setOrder}
              onNeed={props.pages?.more}
              {...(props.selection ? { selection: props.selection } : {})}
            />
          )}
          {props.pages ? <PagesFoot pages={props.pages} /> : null}
        </div>
        {open !== undefined && props.drawer ? props.drawer(open, close) : null}
      </div>
    </section>
  )
}

const NONE: readonly never[] = []
