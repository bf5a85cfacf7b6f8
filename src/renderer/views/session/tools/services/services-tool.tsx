import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { SERVICE_VERBS, type ServiceRow } from '#protocol/tools/messages.ts'
import { Button } from '../../../../components/button.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { SearchField } from '../../../../components/search-field.tsx'
import { arrangeRows, byText, type Column, type TableOrder } from '../../../../components/table/columns.ts'
import { DataTable } from '../../../../components/table/data-table.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import type { ToolsClient } from '../../../../session/tools/tools-client.ts'
import { useTask } from '../../../use-task.ts'
import { serviceStrings as strings } from '../strings.ts'

/** Lists have no answer of their own; this number is never an act's. */
const LIST = 2 ** 31

type Verb = (typeof SERVICE_VERBS)[number]
const INTERRUPTING: readonly Verb[] = ['stop', 'restart', 'disable']

const COLUMNS: readonly Column<ServiceRow>[] = [
  {
    key: 'unit',
    title: strings.columns.unit,
    width: 280,
    render: row => row.unit,
    hint: row => row.unit,
    compare: byText(row => row.unit),
  },
  {
    key: 'active',
    title: strings.columns.active,
    width: 140,
    render: row => (
      <span className={row.active === 'failed' ? 'text-danger-text' : ''}>{`${row.active} (${row.sub})`}</span>
    ),
    compare: byText(row => `${row.active} ${row.sub}`),
  },
  {
    key: 'enabled',
    title: strings.columns.enabled,
    width: 100,
    render: row => row.enabled,
    compare: byText(row => row.enabled),
  },
  {
    key: 'description',
    title: strings.columns.description,
    render: row => row.description,
    hint: row => row.description,
    compare: byText(row => row.description),
  },
]

/** Services of systemd: what they are, and start, stop and log of the one that is chosen. */
export function ServicesTool({ client }: { client: ToolsClient }) {
  const { rows, problem, refresh } = useServices(client)
  const [query, setQuery] = useState('')
  const [order, setOrder] = useState<TableOrder | null>({ column: 'unit', isDescending: false })
  const [active, setActive] = useState<string | null>(null)
  const [asked, setAsked] = useState<Verb | null>(null)
  const [log, setLog] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const { isBusy, refusal, run } = useTask()
  const shown = useMemo(
    () => arrangeRows(rows ?? [], query, row => `${row.unit} ${row.description} ${row.active}`, COLUMNS, order),
    [rows, query, order],
  )
  const chosen = rows?.find(row => row.unit === active)

  const act = (verb: Verb) =>
    run(async () => {
      setAsked(null)
      if (!chosen) return
      await client.request({ type: 'act', tool: 'services', action: { verb, unit: chosen.unit } })
      refresh()
    })
  const readLog = () =>
    run(async () => {
      if (!chosen) return
      const answer = await client.request({
        type: 'act',
        tool: 'services',
        action: { verb: 'logs', unit: chosen.unit },
      })
      if (answer.type === 'done') setLog(answer.text)
    })

  if (problem)
    return (
      <div className="p-3">
        <Notice tone="info">{problem}</Notice>
      </div>
    )
  if (!rows)
    return (
      <div className="grid flex-1 place-items-center">
        <Waiting words={strings.reading} />
      </div>
    )
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 items-center gap-2 p-2">
        <SearchField label={strings.search} value={query} onChange={setQuery} onDown={() => undefined} field={field} />
        {SERVICE_VERBS.map(verb => (
          <Button
            key={verb}
            isSmall
            disabled={!chosen || isBusy}
            onClick={() => (INTERRUPTING.includes(verb) ? setAsked(verb) : void act(verb))}
          >
            {strings.verbs[verb]}
          </Button>
        ))}
        <Button isSmall disabled={!chosen || isBusy} onClick={() => void readLog()}>
          {strings.verbs.logs}
        </Button>
        <div className="flex-1" />
        <span className="text-xs text-muted">{strings.count(shown.length, rows.length)}</span>
        <Button isSmall onClick={refresh}>
          {strings.refresh}
        </Button>
      </div>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      <DataTable
        label={strings.table}
        keysHint={strings.keys}
        rows={shown}
        columns={COLUMNS}
        keyOf={row => row.unit}
        activeId={active}
        onActivate={setActive}
        onOpen={row => setActive(row.unit)}
        order={order}
        onSort={setOrder}
      />
      {asked && chosen ? (
        <Dialog title={strings.confirm(strings.verbs[asked], chosen.unit)} onClose={() => setAsked(null)}>
          <p className="mb-4 text-muted">{strings.confirmText}</p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsked(null)}>{strings.cancel}</Button>
            <Button tone="danger" onClick={() => void act(asked)}>{`${strings.verbs[asked]} ${chosen.unit}`}</Button>
          </div>
        </Dialog>
      ) : null}
      {log === null ? null : (
        <Dialog title={strings.log(chosen?.unit ?? '')} onClose={() => setLog(null)} className="w-[900px]">
          <pre
            data-selectable
            className="max-h-96 overflow-auto rounded-md border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap"
          >
            {log === '' ? strings.noLog : log}
          </pre>
          <div className="mt-4 flex justify-end">
            <Button onClick={() => setLog(null)}>{strings.close}</Button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

function useServices(client: ToolsClient) {
  const [rows, setRows] = useState<readonly ServiceRow[] | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const refresh = useCallback(() => {
    client.send({ type: 'list', tool: 'services', request: LIST, list: 'live' })
  }, [client])
  useEffect(() => {
    let gathered: ServiceRow[] = []
    const stop = client.events.on('services', part => {
      gathered = part.isFirst ? [...part.rows] : [...gathered, ...part.rows]
      setProblem(part.problem)
      if (part.isLast) setRows(gathered)
    })
    refresh()
    return stop
  }, [client, refresh])
  return { rows, problem, refresh }
}
