import type { RunDevice, RunView } from '#protocol/scripts/runs-http.ts'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Status } from '../../../components/status.tsx'
import { Moment } from '../../../components/times.tsx'
import { strings as common } from '../strings.ts'
import { RunOutput } from './run-output.tsx'
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
          [strings.reason, run.reason],
          ...(device.approvedBy ? [[strings.approvedBy, device.approvedBy] as const] : []),
          ...(why ? [[strings.why, why.message] as const] : []),
          ...(result ? [[strings.how, END_WORDS[result.how]] as const] : []),
          ...(result && result.exitCode !== null ? [[strings.table.code, String(result.exitCode)] as const] : []),
          ...(startedAtMs === null ? [] : [[strings.columns.at, <Moment key="at" atMs={startedAtMs} />] as const]),
          ...(endedAtMs === null ? [] : [[strings.table.ended, <Moment key="ended" atMs={endedAtMs} />] as const]),
          ...(device.state === 'queued' || device.state === 'awaiting'
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
          <RunOutput runId={run.id} device={device} />
        </DrawerPart>
      )}
    </Drawer>
  )
}
