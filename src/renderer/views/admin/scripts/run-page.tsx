import { ArrowLeft } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { RunDevice, RunView } from '#protocol/scripts/runs-http.ts'
import { Button } from '../../../components/button.tsx'
import { clockText } from '../../../components/format/duration.ts'
import { Notice } from '../../../components/notice.tsx'
import { Status } from '../../../components/status.tsx'
import { byNumber, byText, type Column } from '../../../components/table/columns.ts'
import { Elapsed, Moment } from '../../../components/times.tsx'
import { ToolButton } from '../../../components/tool-button.tsx'
import { type Loaded, loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog } from '../confirm-dialog.tsx'
import { ListPage } from '../list-page.tsx'
import { useAct } from '../use-act.ts'
import { useEvery } from '../use-every.ts'
import { RunAnswer } from './run-answer.tsx'
import { RunDialog } from './run-dialog.tsx'
import { RunDrawer } from './run-drawer.tsx'
import { devicesText, isLive, isUndone, lookOf, shownState } from './run-state.ts'
import { runsStrings as strings } from './strings.ts'

const REFRESH_MS = 2_000

const COLUMNS: readonly Column<RunDevice>[] = [
  {
    key: 'device',
    title: strings.table.device,
    render: ({ deviceName }) => <span className="font-medium">{deviceName}</span>,
    hint: ({ deviceName }) => deviceName,
    compare: byText(({ deviceName }) => deviceName),
  },
  {
    key: 'state',
    title: strings.table.state,
    render: device => <Status {...lookOf(shownState(device))} />,
    hint: ({ why }) => why?.message ?? '',
    compare: byText(device => shownState(device)),
  },
  {
    key: 'code',
    title: strings.table.code,
    width: 88,
    isRight: true,
    render: ({ result }) => result?.exitCode ?? '',
    compare: byNumber(({ result }) => result?.exitCode ?? null),
  },
  {
    key: 'duration',
    title: strings.table.duration,
    width: 88,
    isRight: true,
    render: device => <Took device={device} />,
    compare: byNumber(({ result }) => result?.durationMs ?? null),
  },
  {
    key: 'output',
    isWide: true,
    title: strings.table.output,
    width: 120,
    isRight: true,
    render: ({ result, outputBytes, startedAtMs }) =>
      startedAtMs === null ? (
        ''
      ) : (
        <span className="text-muted">{strings.bytes(result?.outputBytes ?? outputBytes, result?.isCut ?? false)}</span>
      ),
    compare: byNumber(({ result, outputBytes }) => result?.outputBytes ?? outputBytes),
  },
  {
    key: 'ended',
    isWide: true,
    title: strings.table.ended,
    width: 152,
    render: ({ endedAtMs }) =>
      endedAtMs === null ? null : (
        <span className="text-muted">
          <Moment atMs={endedAtMs} />
        </span>
      ),
    compare: byNumber(({ endedAtMs }) => endedAtMs),
  },
]

function Took({ device: { state, result, startedAtMs } }: { device: RunDevice }) {
  if (result) return result.durationMs < 1_000 ? `${result.durationMs} ms` : clockText(result.durationMs)
  return state === 'running' && startedAtMs !== null ? <Elapsed sinceMs={startedAtMs} /> : null
}

/** One run, live: every device with what became of the script there. */
export function RunPage({ runId, onBack }: { runId: string; onBack: () => void }) {
  const { call, showRun } = useAdmin()
  const { state, reload } = useLoaded(useCallback(async () => (await call.scriptRun({ runId })).run, [call, runId]))
  const run = loadedOf(state)
  useEvery(
    run && !isLive(run) ? null : REFRESH_MS,
    useCallback(() => void reload(), [reload]),
  )
  const { isBusy, refusal, run: act } = useAct()
  const [saved, setSaved] = useState<string | null>(null)
  const [asks, setAsks] = useState<'cancel' | 'again' | null>(null)
  const undone = run?.devices.filter(isUndone).map(({ deviceId }) => deviceId) ?? []
  const save = () =>
    void act(async () => {
      const file = await call.saveScriptRun({ runId })
      if (file) setSaved(strings.saved(file.name))
    })
  return (
    <>
      <ListPage
        title={run?.scriptName ?? strings.title}
        searchLabel={strings.searchDevices}
        loading={strings.loading}
        count={strings.deviceCount}
        rows={devicesOf(state)}
        columns={COLUMNS}
        keyOf={({ deviceId }) => deviceId}
        textOf={device => `${device.deviceName}\n${lookOf(shownState(device)).word}`}
        onReload={() => void reload()}
        back={
          <ToolButton label={strings.back} className="h-8 min-w-8" onClick={onBack}>
            <ArrowLeft aria-hidden size={15} />
          </ToolButton>
        }
        bar={
          run ? (
            <div className="flex flex-col gap-2 px-5 pb-3">
              <div className="flex h-8 items-center gap-2">
                <span role="status" className="mr-auto truncate text-muted">
                  {devicesText(run.devices)} · {strings.by(run.operator.name, run.reason)}
                </span>
                {undone.length > 0 && run.mayCancel ? (
                  <Button onClick={() => setAsks('again')}>{strings.again(undone.length)}</Button>
                ) : null}
                <Button disabled={isBusy} onClick={save}>
                  {strings.save}
                </Button>
                {isLive(run) && run.mayCancel ? (
                  <Button className="text-danger-text" onClick={() => setAsks('cancel')}>
                    {strings.cancel}
                  </Button>
                ) : null}
              </div>
              {run.mayAnswer ? <RunAnswer run={run} onAnswered={reload} /> : null}
              {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
              {saved ? <Notice tone="info">{saved}</Notice> : null}
            </div>
          ) : null
        }
        empty={null}
        drawer={(device, close) =>
          run ? <RunDrawer key={device.deviceId} run={run} device={device} onClose={close} /> : null
        }
      />
      {run && asks === 'cancel' ? (
        <ConfirmDialog
          question={{
            ...strings.cancellation(run.scriptName),
            act: async () => {
              await call.cancelScriptRun({ runId })
              await reload()
            },
          }}
          onClose={() => setAsks(null)}
        />
      ) : null}
      {run && asks === 'again' ? (
        <RunDialog
          script={{ id: run.scriptId, name: run.scriptName, digest: run.digest, definition: run.definition }}
          before={{ values: run.values, reason: run.reason, timeLimitS: run.timeLimitS, deviceIds: undone }}
          onStarted={showRun}
          onClose={() => setAsks(null)}
        />
      ) : null}
    </>
  )
}

const devicesOf = (state: Loaded<RunView>): Loaded<readonly RunDevice[]> =>
  state.name === 'ready' ? { name: 'ready', value: state.value.devices } : state
