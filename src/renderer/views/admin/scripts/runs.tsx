import { CircleCheck, LoaderCircle, SquareTerminal } from 'lucide-react'
import { useCallback } from 'react'
import type { RunSummary } from '#protocol/scripts/runs-http.ts'
import { Status } from '../../../components/status.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Ago } from '../../../components/times.tsx'
import { Centred } from '../../page-states.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin, useAdminState } from '../admin-context.ts'
import { ListPage } from '../list-page.tsx'
import { useEvery } from '../use-every.ts'
import { RunPage } from './run-page.tsx'
import { countsText, isAwaiting, isLive, lookOf } from './run-state.ts'
import { runsStrings as strings } from './strings.ts'

const REFRESH_MS = 5_000

const COLUMNS: readonly Column<RunSummary>[] = [
  {
    key: 'script',
    title: strings.columns.script,
    render: ({ scriptName }) => <span className="font-medium">{scriptName}</span>,
    compare: byText(({ scriptName }) => scriptName),
  },
  {
    key: 'state',
    title: strings.columns.state,
    width: 168,
    render: run =>
      isAwaiting(run) ? (
        <Status {...lookOf('awaiting')} />
      ) : isLive(run) ? (
        <Status tone="accent" icon={LoaderCircle} word={strings.live} />
      ) : (
        <Status tone="muted" icon={CircleCheck} word={strings.over} />
      ),
  },
  {
    key: 'devices',
    title: strings.columns.devices,
    render: run => <span className="text-muted">{countsText(run)}</span>,
    hint: countsText,
  },
  {
    key: 'by',
    title: strings.columns.by,
    width: 168,
    render: ({ operator }) => <span className="text-muted">{operator.name}</span>,
    hint: ({ operator }) => operator.email,
    compare: byText(({ operator }) => operator.name),
  },
  {
    key: 'at',
    title: strings.columns.at,
    width: 120,
    render: ({ startedAtMs }) => (
      <span className="text-muted">
        <Ago atMs={startedAtMs} />
      </span>
    ),
    compare: byNumber(({ startedAtMs }) => startedAtMs),
  },
]

/** Scripts that were run on devices, newest first; one of them opened shows every device. */
export function Runs() {
  const { call, showRun } = useAdmin()
  const runId = useAdminState(state => state.runId)
  const { state, reload } = useLoaded(useCallback(async () => (await call.scriptRuns(undefined)).runs, [call]))
  useEvery(
    runId === null ? REFRESH_MS : null,
    useCallback(() => void reload(), [reload]),
  )
  if (runId !== null) return <RunPage key={runId} runId={runId} onBack={() => showRun(null)} />
  return (
    <ListPage
      title={strings.title}
      searchLabel={strings.search}
      loading={strings.loading}
      count={strings.count}
      rows={state}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      textOf={({ scriptName, operator }) => `${scriptName}\n${operator.name}\n${operator.email}`}
      firstOrder={{ column: 'at', isDescending: false }}
      onReload={() => void reload()}
      empty={
        <Centred icon={<SquareTerminal aria-hidden size={28} />} title={strings.emptyTitle}>
          <p className="text-muted">{strings.emptyHint}</p>
        </Centred>
      }
      onOpen={({ id }) => showRun(id)}
    />
  )
}
