import { assertNever } from '#protocol/assert-never.ts'
import { HandholdError } from '#protocol/errors.ts'
import { verifyProof } from '#protocol/proof.ts'
import type { RunReport } from '#protocol/scripts/wire.ts'
import { toDisplayLine } from '#protocol/text.ts'
import type { Accountability } from '../audit/accountability.ts'
import { deviceActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Policies } from '../policy/policies.ts'
import type { DeviceRecord, Store, Writer } from '../store.ts'
import { permitRow } from './run-permits.ts'
import type { RunRows } from './run-rows.ts'
import { canMove, requireMove } from './run-states.ts'
import type { RunDeviceRecord, RunRecord } from './run-store.ts'

export interface RunReportsParts {
  readonly store: Store
  readonly clock: Clock
  readonly policies: Policies
  readonly accountability: Pick<Accountability, 'require'>
  readonly storage: { readonly isFull: boolean }
  readonly rows: RunRows
  /** The device has room for the next one. */
  readonly onOver: () => void
}

/** What devices say of the scripts that they run. A script begins when its row is in the audit, and not before. */
export class RunReports {
  readonly #parts: RunReportsParts

  constructor(parts: RunReportsParts) {
    this.#parts = parts
  }

  /**
   * Throws `not-found` for a run of another device, and for one that would begin: `illegal-transition` once it is cancelled, `policy-denied` when the
   * right is gone, `second-person-needed`, `storage-full` and `audit-unavailable`.
   */
  async record(device: DeviceRecord, runId: string, report: RunReport): Promise<void> {
    const { store, onOver } = this.#parts
    const run = await store.read.scriptRuns.run(runId)
    const row = await store.read.scriptRuns.device(runId, device.id)
    if (!run || !row) throw new HandholdError('not-found', 'There is no such run of a script for this device.')
    switch (report.what) {
      case 'starts':
        return this.#begin(device, run, report.runsAs)
      case 'output':
        return this.#keep(run, device, report)
      case 'ended':
        await this.#end(device, run, report.proof)
        return onOver()
      case 'refused':
        await this.#refuse(device, run, report)
        return onOver()
      default:
        return assertNever(report)
    }
  }

  async #begin(device: DeviceRecord, run: RunRecord, runsAs: string): Promise<void> {
    const { store, clock, policies, accountability, rows } = this.#parts
    await accountability.require(device.id)
    await store.write(async tx => {
      const row = await present(tx, run, device)
      requireMove(row.state, 'running')
      const here = await tx.device(device.id)
      if (!here) throw new HandholdError('not-found', 'The device was removed.')
      const policy = await policies.of(run.organisationId, tx)
      if (permitRow(policy, run, row, here.groupId, clock.nowMs()).waits)
        throw new HandholdError('second-person-needed', 'It takes a second person’s agreement here, and has none.')
      const change = { startedAtMs: clock.nowMs() }
      await rows.write(tx, run, row, { to: 'running', change, actor: deviceActor(device.id), detail: { runsAs } })
    })
  }

  /** Also of one that was cancelled meanwhile: what it printed until then is worth reading. */
  async #keep(run: RunRecord, device: DeviceRecord, output: Extract<RunReport, { what: 'output' }>): Promise<void> {
    if (this.#parts.storage.isFull)
      throw new HandholdError('storage-full', 'The relay’s disk is full: what the script printed waits on the device.')
    return this.#parts.store.write(async tx => {
      const row = await present(tx, run, device)
      if (row.startedAtMs === null || row.result) throw new HandholdError('illegal-transition', 'Nothing runs here.')
      await tx.scriptRuns.putOutput(run.id, device.id, output)
    })
  }

  async #end(device: DeviceRecord, run: RunRecord, proof: string): Promise<void> {
    const { store, rows } = this.#parts
    const { runId, deviceId, ...result } = await verifyProof('run', proof, device.keyThumbprint)
    if (runId !== run.id || deviceId !== device.id)
      throw new HandholdError('proof-invalid', 'The device signed the result of another run.')
    await store.write(async tx => {
      const row = await present(tx, run, device)
      // Said again, because the acknowledgement didn't arrive.
      if (row.result) return
      const to = result.how === 'exited' && result.exitCode === 0 ? 'done' : 'failed'
      if (!canMove(row.state, to)) return tx.scriptRuns.change(run.id, device.id, { result, proof })
      const { how, exitCode, durationMs, outputBytes } = result
      const detail = { how, exitCode, durationMs, outputBytes }
      await rows.write(tx, run, row, { to, change: { result, proof }, actor: deviceActor(device.id), detail })
    })
  }

  async #refuse(device: DeviceRecord, run: RunRecord, { why }: Extract<RunReport, { what: 'refused' }>): Promise<void> {
    const { store, rows } = this.#parts
    await store.write(async tx => {
      const row = await present(tx, run, device)
      const to = row.state === 'running' ? 'failed' : 'refused'
      if (!canMove(row.state, to)) return
      const said = { ...why, message: toDisplayLine(why.message, 500) }
      await rows.write(tx, run, row, { to, why: said, actor: deviceActor(device.id) })
    })
  }
}

async function present(tx: Writer, run: RunRecord, device: DeviceRecord): Promise<RunDeviceRecord> {
  const row = await tx.scriptRuns.device(run.id, device.id)
  if (!row) throw new HandholdError('not-found', 'There is no such run of a script for this device.')
  return row
}
