import { RefreshCw } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { HelpTaken } from '#protocol/help/http.ts'
import type { DeviceFilter } from '#protocol/records-http.ts'
import type { DeviceView } from '#protocol/wire/views.ts'
import { SearchField } from '../../components/search-field.tsx'
import { Segmented } from '../../components/segmented.tsx'
import { DataTable, type DataTableHandle } from '../../components/table/data-table.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { PagesFoot } from '../admin/more-button.tsx'
import { useApp, useReady } from '../app-context.ts'
import { HelpCode } from '../help/help-code.tsx'
import { HelpQueue } from '../help/help-queue.tsx'
import { QueueButton } from '../help/queue-button.tsx'
import { FailedPage, NoMatch } from '../page-states.tsx'
import { useDebounced } from '../use-debounced.ts'
import { deviceColumns } from './device-columns.tsx'
import { FIRST_ORDER, sortOf } from './device-order.ts'
import { EmptyDevices, LoadingDevices, NoneOnline } from './device-states.tsx'
import { LinkBar } from './link-bar.tsx'
import { strings } from './strings.ts'
import { useDeviceList } from './use-device-list.ts'
import { useTypedAhead } from './use-typed-ahead.ts'

/** The operator's home: who can be helped now. */
export function Devices() {
  const app = useApp()
  const sessions = useReady(state => state.sessions)
  const [query, setQuery] = useState('')
  const [which, setWhich] = useState<'all' | 'online'>('all')
  const [order, setOrder] = useState(FIRST_ORDER)
  const [activeId, setActiveId] = useState<string | null>(null)
  const [isQueueOpen, setQueueOpen] = useState(false)
  const queueButton = useRef<HTMLButtonElement>(null)
  const closeQueue = () => {
    setQueueOpen(false)
    queueButton.current?.focus()
  }
  const search = useRef<HTMLInputElement>(null)
  const table = useRef<DataTableHandle>(null)
  const q = useDebounced(query.trim())
  const filter = useMemo(
    (): DeviceFilter => ({
      ...sortOf(order),
      ...(q === '' ? {} : { q }),
      ...(which === 'all' ? {} : { online: 'true' }),
    }),
    [order, q, which],
  )
  const list = useDeviceList(filter)
  const { state } = list
  const rows = state.name === 'ready' ? state.value : NONE
  const isNarrowed = q !== '' || which !== 'all'

  const live = useMemo(
    () => new Map(sessions.filter(tab => tab.state.name !== 'closed').map(tab => [tab.deviceId, tab])),
    [sessions],
  )
  const columns = useMemo(() => {
    const open = (device: DeviceView) => {
      const tab = live.get(device.id)
      app.ui.setState(
        tab
          ? { selected: tab.ticket }
          : { dialog: { name: 'connect', deviceId: device.id, deviceName: device.name, device } },
      )
    }
    return { open, all: deviceColumns(device => live.has(device.id), open) }
  }, [app, live])
  const connectTo = (help: HelpTaken) =>
    app.ui.setState({ dialog: { name: 'connect', deviceId: help.deviceId, deviceName: help.deviceName, help } })
  const keys = useTypedAhead(list.isCurrent && q === query.trim(), rows.length, {
    go: index => table.current?.focus(index),
    open: index => {
      const device = index === undefined ? rows.find(({ id }) => id === activeId) : undefined
      const found = device ?? rows[index ?? 0]
      if (found) columns.open(found)
    },
  })

  return (
    <section aria-label={strings.title} className="flex h-full flex-col">
      <LinkBar />
      <header className="flex items-center gap-3 px-5 pt-4 pb-3">
        <h1 className="text-lg font-semibold">{strings.title}</h1>
        {rows.length > 0 ? (
          <span role="status" className="text-muted">
            {strings.count(list.total)}
          </span>
        ) : null}
        <div className="flex-1" />
        <HelpCode onTaken={connectTo} />
        <QueueButton ref={queueButton} isOpen={isQueueOpen} onToggle={() => setQueueOpen(!isQueueOpen)} />
        <Segmented
          label={strings.which}
          value={which}
          onChange={setWhich}
          options={[
            { value: 'all', label: strings.all },
            { value: 'online', label: strings.onlineOnly },
          ]}
        />
        <SearchField
          label={strings.search}
          value={query}
          onChange={setQuery}
          onDown={keys.down}
          onEnter={keys.enter}
          field={search}
        />
        <ToolButton
          label={strings.refresh}
          disabled={list.isBusy}
          className="h-8 min-w-8"
          onClick={() => void list.reload()}
        >
          <RefreshCw aria-hidden size={15} />
        </ToolButton>
      </header>
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          {state.name === 'loading' ? (
            <LoadingDevices />
          ) : state.name === 'failed' ? (
            <FailedPage message={state.refusal.message} isBusy={list.isBusy} onRetry={() => void list.reload()} />
          ) : rows.length === 0 && !isNarrowed ? (
            <EmptyDevices />
          ) : rows.length === 0 && q === '' ? (
            <NoneOnline onAll={() => setWhich('all')} />
          ) : rows.length === 0 ? (
            <NoMatch query={q} hint={strings.noMatchHint} onClear={() => setQuery('')} />
          ) : (
            <>
              <DataTable
                ref={table}
                label={strings.title}
                keysHint={strings.keysHint}
                rows={rows}
                total={list.total}
                columns={columns.all}
                keyOf={keyOf}
                activeId={activeId}
                onActivate={setActiveId}
                onOpen={columns.open}
                opensOnDoubleClick
                order={order}
                onSort={setOrder}
                onNeed={list.more}
              />
              <PagesFoot pages={list} />
            </>
          )}
        </div>
        {isQueueOpen ? <HelpQueue onTaken={connectTo} onClose={closeQueue} /> : null}
      </div>
    </section>
  )
}

const NONE: readonly never[] = []
const keyOf = ({ id }: DeviceView): string => id
