import { useCallback } from 'react'
import type { RunDevice, RunView } from '#protocol/scripts/runs-http.ts'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Status } from '../../../components/status.tsx'
import { Moment } from '../../../components/times.tsx'
import { Waiting } from '../../../components/waiting.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { lookOf, shownState } from './run-state.ts'
import { END_WORDS, runsStrings as strings } from './strings.ts'

/** One device of a run: how the script ended there, and what it printed. */
export function RunDrawer({ run, device, onClose }: { run: RunView; device: RunDevice; onClose: () => void }) {
  const { result, why, startedAtMs, endedAtMs } = device
  const values = Object.entries(run.values)
  return (
    <Drawer title={device.deviceName} subtitle={run.scriptName} closeLabel={common.close} onClose={onClose}>
      <Facts
        facts={[
          [strings.table.state, <Status key="state" {...lookOf(shownState(device))} />],
          ...(why ? [[strings.why, why.message] as const] : []),
          ...(result ? [[strings.how, END_WORDS[result.how]] as const] : []),
          ...(result && result.exitCode !== null ? [[strings.table.code, String(result.exitCode)] as const] : []),
          ...(startedAtMs === null ? [] : [[strings.columns.at, <Moment key="at" atMs={startedAtMs} />] as const]),
          ...(endedAtMs === null ? [] : [[strings.table.ended, <Moment key="ended" atMs={endedAtMs} />] as const]),
          ...(device.state === 'queued'
            ? [[strings.until, <Moment key="until" atMs={run.expiresAtMs} />] as const]
            : []),
        ]}
      />
      {values.length > 0 ? (
        <DrawerPart title={strings.values}>
          <Facts facts={values} />
        </DrawerPart>
      ) : null}
      {startedAtMs === null ? null : (
        <DrawerPart title={strings.output}>
          <Output key={device.state} runId={run.id} device={device} />
        </DrawerPart>
      )}
    </Drawer>
  )
}

function Output({ runId, device: { deviceId, result } }: { runId: string; device: RunDevice }) {
  const { call } = useAdmin()
  const { state } = useLoaded(useCallback(() => call.scriptOutput({ runId, deviceId }), [call, runId, deviceId]))
  if (state.name === 'loading') return <Waiting words={strings.outputLoading} />
  if (state.name === 'failed') return <Notice tone="danger">{state.refusal.message}</Notice>
  const { text, isCut } = state.value
  return (
    <>
      {result ? null : <p className="text-muted">{strings.outputUnsigned}</p>}
      {result && text === '' ? <p className="text-muted">{strings.outputNone}</p> : null}
      {text === '' ? null : (
        <section
          aria-label={strings.output}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to get there
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-md border border-line bg-bg p-2"
        >
          <pre data-selectable className="font-mono text-xs break-all whitespace-pre-wrap">
            {text}
          </pre>
        </section>
      )}
      {isCut ? <Notice tone="warn">{strings.outputCut}</Notice> : null}
    </>
  )
}
