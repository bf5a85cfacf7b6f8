import { RefreshCw, Search } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { HelpTaken } from '#protocol/help/http.ts'
import { Keys } from '../../components/keys.tsx'
import { Notice } from '../../components/notice.tsx'
import { ToolButton } from '../../components/tool-button.tsx'
import { useApp, useReady, useUi } from '../app-context.ts'
import { HelpCode } from '../help/help-code.tsx'
import { HelpQueue } from '../help/help-queue.tsx'
import { QueueButton } from '../help/queue-button.tsx'
import { FailedPage, NoMatch } from '../page-states.tsx'
import { useTask } from '../use-task.ts'
import { deviceRows, type SortOrder } from './device-rows.ts'
import { EmptyDevices, LoadingDevices } from './device-states.tsx'
import { DeviceTable } from './device-table.tsx'
import { LinkBar } from './link-bar.tsx'
import { strings } from './strings.ts'

/** The operator's home: who can be helped now. */
export function Devices() {
  const app = useApp()
  const { status, devices, error } = useReady(state => state.devices)
  const sessions = useReady(state => state.sessions)
  const isShown = useUi(state => state.selected === 'devices')
  const [query, setQuery] = useState('')
  const [order, setOrder] = useState<SortOrder>({ column: 'name', isDescending: false })
  const [activeId, setActiveId] = useState<string | null>(null)
  const [isQueueOpen, setQueueOpen] = useState(false)
  const refresh = useTask()
  const search = useRef<HTMLInputElement>(null)
  const rows = useMemo(() => deviceRows(devices, query, order, strings.status), [devices, query, order])
  useSearchKeys(search, isShown)

  const openDevice = (deviceId: string) => {
    const tab = sessions.find(session => session.deviceId === deviceId && session.state.name !== 'closed')
    app.ui.setState(tab ? { selected: tab.ticket } : { dialog: { name: 'connect', deviceId } })
  }
  const connectTo = (help: HelpTaken) => app.ui.setState({ dialog: { name: 'connect', deviceId: help.deviceId, help } })
  const moveTo = (index: number) => setActiveId(rows[Math.min(rows.length - 1, Math.max(0, index))]?.id ?? null)
  const activeIndex = rows.findIndex(device => device.id === activeId)
  const handleKey = (key: string, pageRows: number): boolean => {
    const steps: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + pageRows,
      PageUp: activeIndex - pageRows,
      Home: 0,
      End: rows.length - 1,
    }
    const next = steps[key]
    if (next !== undefined) moveTo(next)
    else if (key === 'Enter') openDevice((rows[activeIndex] ?? rows[0])?.id ?? '')
    return (next !== undefined || key === 'Enter') && rows.length > 0
  }

  return (
    <section aria-label={strings.title} className="flex h-full flex-col">
      <LinkBar />
      <header className="flex items-center gap-3 px-5 pt-4 pb-3">
        <h1 className="text-lg font-semibold">{strings.title}</h1>
        {status === 'ready' && devices.length > 0 ? (
          <span role="status" className="text-muted">
            {strings.count(rows.length, devices.length)}
          </span>
        ) : null}
        <div className="flex-1" />
        <HelpCode onTaken={connectTo} />
        <QueueButton isOpen={isQueueOpen} onToggle={() => setQueueOpen(!isQueueOpen)} />
        <label className="relative">
          <span className="sr-only">{strings.search}</span>
          <Search aria-hidden size={14} className="pointer-events-none absolute top-2 left-2.5 text-muted" />
          <input
            ref={search}
            type="search"
            value={query}
            placeholder={strings.search}
            onChange={event => setQuery(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Escape') setQuery('')
              else if (['ArrowDown', 'ArrowUp', 'Enter'].includes(event.key) && handleKey(event.key, 1))
                event.preventDefault()
            }}
            className="peer h-8 w-56 rounded-md border border-line-strong bg-surface pr-2 pl-8 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
          />
          <span className="pointer-events-none absolute top-1 right-2 peer-focus:hidden peer-not-placeholder-shown:hidden">
            <Keys>/</Keys>
          </span>
        </label>
        <ToolButton
          label={strings.refresh}
          disabled={refresh.isBusy}
          className="h-8 min-w-8"
          onClick={() => void refresh.run(app.refreshDevices)}
        >
          <RefreshCw aria-hidden size={15} className={refresh.isBusy ? 'animate-spin' : undefined} />
        </ToolButton>
      </header>
      {refresh.refusal && status === 'ready' ? (
        <Notice tone="danger" className="mx-5 mb-3">
          {refresh.refusal.message}
        </Notice>
      ) : null}
      <div className="flex min-h-0 flex-1">
        <div className="flex min-w-0 flex-1 flex-col">
          {status === 'loading' && devices.length === 0 ? (
            <LoadingDevices />
          ) : status === 'failed' ? (
            <FailedPage
              message={error?.message ?? ''}
              isBusy={refresh.isBusy}
              onRetry={() => void refresh.run(app.refreshDevices)}
            />
          ) : devices.length === 0 ? (
            <EmptyDevices />
          ) : rows.length === 0 ? (
            <NoMatch query={query} hint={strings.noMatchHint} onClear={() => setQuery('')} />
          ) : (
            <DeviceTable
              rows={rows}
              sessions={sessions}
              order={order}
              activeId={activeId}
              onSort={setOrder}
              onActivate={setActiveId}
              onOpen={openDevice}
              onKey={handleKey}
            />
          )}
        </div>
        {isQueueOpen ? <HelpQueue onTaken={connectTo} onClose={() => setQueueOpen(false)} /> : null}
      </div>
    </section>
  )
}

/** `/` and Ctrl + F go to the search, from anywhere in the list. */
function useSearchKeys(search: { current: HTMLInputElement | null }, isShown: boolean): void {
  useEffect(() => {
    if (!isShown) return
    const handle = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement
      const isFind = event.ctrlKey && event.key.toLowerCase() === 'f'
      if (!isFind && (event.key !== '/' || isTyping || event.ctrlKey || event.altKey)) return
      event.preventDefault()
      search.current?.focus()
      search.current?.select()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [isShown, search])
}
