import type { RunDevice, RunSummary, RunView } from '#protocol/scripts/runs-http.ts'
import type { AgentGateway } from '../gateways.ts'
import type { RunCounts, RunDeviceRecord, RunRecord } from './run-store.ts'

export const runSummary = (run: RunRecord, counts: RunCounts): RunSummary => ({
  id: run.id,
  scriptId: run.scriptId,
  scriptName: run.scriptName,
  digest: run.digest,
  operator: run.operator,
  reason: run.reason,
  orderedBy: run.orderedBy,
  startedAtMs: run.startedAtMs,
  expiresAtMs: run.expiresAtMs,
  counts,
})

export function runView(
  run: RunRecord,
  devices: readonly RunDeviceRecord[],
  agents: Pick<AgentGateway, 'isOnline'>,
  may: Pick<RunView, 'mayAnswer' | 'mayCancel'>,
): RunView {
  const counts: Record<string, number> = {}
  for (const { state } of devices) counts[state] = (counts[state] ?? 0) + 1
  const { definition, values, timeLimitS } = run
  return {
    ...runSummary(run, counts),
    definition,
    values,
    timeLimitS,
    ...may,
    devices: devices.map(device => deviceView(device, agents)),
  }
}

const deviceView = (
  { runId: _, sentAtMs: __, approvedBy, ...device }: RunDeviceRecord,
  agents: Pick<AgentGateway, 'isOnline'>,
): RunDevice => ({ ...device, approvedBy: approvedBy?.name ?? null, online: agents.isOnline(device.deviceId) })
