import type { WireError } from '#protocol/errors.ts'
import type { Ed25519PublicJwk } from '#protocol/keys.ts'
import type { RunResult } from '#protocol/scripts/run-result.ts'
import type { RunState } from '#protocol/scripts/runs-http.ts'
import type { ScriptDefinition, ScriptValues } from '#protocol/scripts/script.ts'
import type { UserView } from '#protocol/wire/views.ts'

/** One script on a selection of devices, as it was when it was ordered. */
export interface RunRecord {
  readonly id: string
  readonly organisationId: string
  readonly operator: UserView
  readonly scriptId: string
  readonly scriptName: string
  readonly digest: string
  /** What the script takes beside the right to its tool. */
  readonly roleId: string | null
  readonly definition: ScriptDefinition
  readonly values: ScriptValues
  readonly reason: string
  readonly timeLimitS: number
  /** The signed text, for the devices. */
  readonly order: string
  readonly certificate: string | null
  readonly orderedBy: string
  readonly startedAtMs: number
  readonly expiresAtMs: number
}

export interface RunDeviceRecord {
  readonly runId: string
  readonly deviceId: string
  readonly deviceName: string
  readonly deviceKey: Ed25519PublicJwk
  readonly state: RunState
  readonly why: WireError | null
  /** The second person, once they agreed. */
  readonly approvedBy: { readonly id: string; readonly name: string } | null
  readonly outputBytes: number
  readonly sentAtMs: number | null
  readonly startedAtMs: number | null
  readonly endedAtMs: number | null
  readonly result: RunResult | null
  readonly proof: string | null
}

export type RunDeviceChange = Partial<
  Pick<RunDeviceRecord, 'state' | 'why' | 'approvedBy' | 'sentAtMs' | 'startedAtMs' | 'endedAtMs' | 'result' | 'proof'>
>
export type RunCounts = Partial<Record<RunState, number>>

export interface RunReader {
  run(id: string): Promise<RunRecord | undefined>
  /** Newest first; of everybody for null. */
  runs(organisationId: string, operatorId: string | null): Promise<RunRecord[]>
  counts(runId: string): Promise<RunCounts>
  /** By name. */
  devices(runId: string): Promise<RunDeviceRecord[]>
  device(runId: string, deviceId: string): Promise<RunDeviceRecord | undefined>
  /** Those that aren't over, oldest run first; of one device where it is named. */
  open(deviceId?: string): Promise<RunDeviceRecord[]>
  /** What of the organisation's waits for a second person, oldest run first. */
  awaiting(organisationId: string): Promise<RunDeviceRecord[]>
  /** The parts of a device's output in their order, from this one on. */
  output(runId: string, deviceId: string, from: number): Promise<string[]>
}

export interface RunWriter extends RunReader {
  /** In the state that each device begins with. */
  insertRun(
    run: RunRecord,
    devices: readonly Pick<RunDeviceRecord, 'deviceId' | 'deviceName' | 'deviceKey' | 'state' | 'why'>[],
  ): Promise<void>
  change(runId: string, deviceId: string, change: RunDeviceChange): Promise<void>
  /** In the place of what came of this part before. */
  putOutput(runId: string, deviceId: string, output: { part: number; bytes: number; sealed: string }): Promise<void>
  deleteRuns(startedBeforeMs: number): Promise<void>
}
