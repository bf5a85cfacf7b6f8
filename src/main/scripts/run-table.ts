import { toCsv } from '#protocol/csv.ts'
import type { RunView } from '#protocol/scripts/runs-http.ts'

const HEADER = [
  'Device',
  'Device id',
  'State',
  'Why',
  'Exit code',
  'Duration (ms)',
  'Output (bytes)',
  'Started',
  'Ended',
]

/** What became of a script on each device, without what it printed. */
export const runTable = ({ devices }: RunView): string =>
  toCsv(
    HEADER,
    devices.map(({ deviceName, deviceId, state, why, result, startedAtMs, endedAtMs }) => [
      deviceName,
      deviceId,
      state,
      why?.message ?? null,
      result?.exitCode ?? null,
      result?.durationMs ?? null,
      result?.outputBytes ?? null,
      momentText(startedAtMs),
      momentText(endedAtMs),
    ]),
  )

const momentText = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString())
