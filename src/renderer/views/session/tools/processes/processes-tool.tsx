import { useMemo, useRef, useState } from 'react'
import type { ProcessRef, ProcessRow, ToolAction } from '#protocol/tools/messages.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { Notice } from '../../../../components/notice.tsx'
import { SearchField } from '../../../../components/search-field.tsx'
import { Segmented } from '../../../../components/segmented.tsx'
import { arrangeRows, type TableOrder } from '../../../../components/table/columns.ts'
import { DataTable } from '../../../../components/table/data-table.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import type { ToolsClient } from '../../../../session/tools/tools-client.ts'
import { useTask } from '../../../use-task.ts'
import { processStrings as strings } from '../strings.ts'
import { columnsOf } from './columns.tsx'
import { MachineBar } from './machine-bar.tsx'
import { ProcessActions } from './process-actions.tsx'
import { treeOf } from './process-tree.ts'
import { useProcesses } from './use-processes.ts'

type View = 'list' | 'tree'
const keyOf = (row: ProcessRow) => `${row.pid} ${row.startTicks}`

/** The processes of the device as they live, and what may be done to the one that is chosen. */
export function ProcessesTool(props: {
  tool: Tool
  client: ToolsClient
  /** Absent where the session has no shell of this level. */
  openShellAt: ((process: ProcessRef) => void) | undefined
}) {
  const { tool, client } = props
  const [processes, handleScroll] = useProcesses(client, tool)
  const [query, setQuery] = useState('')
  const [view, setView] = useState<View>('list')
  const [order, setOrder] = useState<TableOrder | null>({ column: 'cpu', isDescending: false })
  const [active, setActive] = useState<string | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const { isBusy, refusal, run } = useTask()
  const columns = useMemo(() => columnsOf(processes?.trends ?? new Map()), [processes?.trends])
  const shown = useMemo(() => {
    const rows = processes?.rows ?? []
    const all =
      view === 'tree' ? treeOf(rows.toSorted((a, b) => a.pid - b.pid)) : rows.map(row => ({ ...row, depth: 0 }))
    const text = (row: ProcessRow) => `${row.name} ${row.pid} ${row.user} ${row.command}`
    return arrangeRows(all, query, text, columns, view === 'tree' ? null : order)
  }, [processes?.rows, view, query, columns, order])

  if (!processes)
    return (
      <div className="grid flex-1 place-items-center">
        <Waiting words={strings.reading} />
      </div>
    )
  const chosen = processes.rows.find(row => keyOf(row) === active) ?? null
  const act = (action: ToolAction) =>
    void run(async () => {
      await client.request({ type: 'act', tool, action })
    })
  return (
    <div className="flex min-h-0 flex-1 flex-col" onScrollCapture={handleScroll}>
      <MachineBar machine={processes.machine} machineTrend={processes.machineTrend} />
      <div className="flex shrink-0 items-center gap-2 p-2">
        <SearchField label={strings.search} value={query} onChange={setQuery} onDown={() => undefined} field={field} />
        <Segmented
          label={strings.tree}
          value={view}
          onChange={setView}
          options={[
            { value: 'list', label: strings.list },
            { value: 'tree', label: strings.tree, hint: strings.treeHint },
          ]}
        />
        <ProcessActions
          rows={processes.rows}
          chosen={chosen}
          isBusy={isBusy}
          act={act}
          openShellAt={props.openShellAt}
        />
        <div className="flex-1" />
        <span className="text-xs text-muted">{strings.count(shown.length, processes.rows.length)}</span>
      </div>
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      <DataTable
        label={strings.table}
        keysHint={strings.keys}
        rows={shown}
        columns={columns}
        keyOf={keyOf}
        activeId={active}
        onActivate={setActive}
        onOpen={row => setActive(keyOf(row))}
        order={view === 'tree' ? null : order}
        onSort={next => {
          setView('list')
          setOrder(next)
        }}
      />
    </div>
  )
}
