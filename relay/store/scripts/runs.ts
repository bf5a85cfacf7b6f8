import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { wireErrorSchema } from '#protocol/errors.ts'
import { ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { runResultSchema } from '#protocol/scripts/run-result.ts'
import { scriptDefinitionSchema, scriptValuesSchema } from '#protocol/scripts/script.ts'
import { userViewSchema } from '#protocol/wire/views.ts'
import type {
  RunCounts,
  RunDeviceChange,
  RunDeviceRecord,
  RunReader,
  RunRecord,
  RunWriter,
} from '../../domain/scripts/run-store.ts'
import { TableReader } from '../table-reader.ts'
import type { Tables } from '../tables.ts'

const RUNS_MAX = 200
const approverSchema = z.object({ id: z.string(), name: z.string() })
/** As the partial indexes say it: with parameters in its place, SQLite takes none of them. */
const IS_OPEN = sql<boolean>`state in ('awaiting', 'queued', 'sent', 'running')`
const IS_AWAITING = sql<boolean>`state = 'awaiting'`

export class KyselyRunReader extends TableReader implements RunReader {
  async run(id: string): Promise<RunRecord | undefined> {
    const row = await this.db.selectFrom('script_run').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toRun(row)
  }

  async runs(organisationId: string, operatorId: string | null): Promise<RunRecord[]> {
    let runs = this.db.selectFrom('script_run').selectAll().where('organisation_id', '=', organisationId)
    if (operatorId !== null) runs = runs.where('operator_id', '=', operatorId)
    const newest = runs.orderBy('started_at_ms', 'desc').orderBy('id', 'desc').limit(RUNS_MAX)
    return (await newest.execute()).map(toRun)
  }

  async counts(runId: string): Promise<RunCounts> {
    const rows = await this.db
      .selectFrom('script_run_device')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
      .where('run_id', '=', runId)
      .groupBy('state')
      .execute()
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }

  async devices(runId: string): Promise<RunDeviceRecord[]> {
    const devices = this.db.selectFrom('script_run_device').selectAll().where('run_id', '=', runId)
    return (await devices.orderBy('device_name').orderBy('device_id').execute()).map(toDevice)
  }

  async device(runId: string, deviceId: string): Promise<RunDeviceRecord | undefined> {
    const devices = this.db.selectFrom('script_run_device').selectAll().where('run_id', '=', runId)
    const row = await devices.where('device_id', '=', deviceId).executeTakeFirst()
    return row && toDevice(row)
  }

  async open(deviceId?: string): Promise<RunDeviceRecord[]> {
    let open = this.db
      .selectFrom('script_run_device')
      .innerJoin('script_run', 'script_run.id', 'script_run_device.run_id')
      .selectAll('script_run_device')
      .where(IS_OPEN)
    if (deviceId !== undefined) open = open.where('device_id', '=', deviceId)
    return (await open.orderBy('script_run.started_at_ms').orderBy('run_id').execute()).map(toDevice)
  }

  async awaiting(organisationId: string): Promise<RunDeviceRecord[]> {
    const awaiting = this.db
      .selectFrom('script_run_device')
      .innerJoin('script_run', 'script_run.id', 'script_run_device.run_id')
      .selectAll('script_run_device')
      .where(IS_AWAITING)
      .where('organisation_id', '=', organisationId)
    return (await awaiting.orderBy('script_run.started_at_ms').orderBy('run_id').execute()).map(toDevice)
  }

  async output(runId: string, deviceId: string, from: number): Promise<string[]> {
    const parts = this.db.selectFrom('script_run_output').select('sealed').where('run_id', '=', runId)
    const ordered = await parts.where('device_id', '=', deviceId).where('part', '>=', from).orderBy('part').execute()
    return ordered.map(({ sealed }) => sealed)
  }
}

export class KyselyRunWriter extends KyselyRunReader implements RunWriter {
  async insertRun(run: RunRecord, devices: Parameters<RunWriter['insertRun']>[1]): Promise<void> {
    await this.db
      .insertInto('script_run')
      .values({
        id: run.id,
        organisation_id: run.organisationId,
        operator_id: run.operator.id,
        operator: JSON.stringify(run.operator),
        script_id: run.scriptId,
        script_name: run.scriptName,
        digest: run.digest,
        role_id: run.roleId,
        reason: run.reason,
        definition: JSON.stringify(run.definition),
        script_values: JSON.stringify(run.values),
        time_limit_s: run.timeLimitS,
        signed_order: run.order,
        certificate: run.certificate,
        ordered_by: run.orderedBy,
        started_at_ms: run.startedAtMs,
        expires_at_ms: run.expiresAtMs,
      })
      .execute()
    for (const { deviceId, deviceName, deviceKey, state, why } of devices)
      await this.db
        .insertInto('script_run_device')
        .values({
          run_id: run.id,
          device_id: deviceId,
          device_name: deviceName,
          device_key: JSON.stringify(deviceKey),
          state,
          why: why && JSON.stringify(why),
        })
        .execute()
  }

  async change(
    runId: string,
    deviceId: string,
    { why, result, approvedBy, ...change }: RunDeviceChange,
  ): Promise<void> {
    await this.db
      .updateTable('script_run_device')
      .set({
        ...(change.state !== undefined && { state: change.state }),
        ...(change.sentAtMs !== undefined && { sent_at_ms: change.sentAtMs }),
        ...(change.startedAtMs !== undefined && { started_at_ms: change.startedAtMs }),
        ...(change.endedAtMs !== undefined && { ended_at_ms: change.endedAtMs }),
        ...(change.proof !== undefined && { proof: change.proof }),
        ...(approvedBy !== undefined && { approved_by: approvedBy && JSON.stringify(approvedBy) }),
        ...(why !== undefined && { why: why && JSON.stringify(why) }),
        ...(result !== undefined && { result: result && JSON.stringify(result) }),
      })
      .where('run_id', '=', runId)
      .where('device_id', '=', deviceId)
      .execute()
  }

  async putOutput(
    runId: string,
    deviceId: string,
    { part, bytes, sealed }: { part: number; bytes: number; sealed: string },
  ): Promise<void> {
    await this.db
      .insertInto('script_run_output')
      .values({ run_id: runId, device_id: deviceId, part, sealed })
      .onConflict(conflict => conflict.columns(['run_id', 'device_id', 'part']).doUpdateSet({ sealed }))
      .execute()
    const row = this.db.updateTable('script_run_device').set({ output_bytes: bytes })
    await row.where('run_id', '=', runId).where('device_id', '=', deviceId).execute()
  }

  async deleteRuns(startedBeforeMs: number): Promise<void> {
    await this.db.deleteFrom('script_run').where('started_at_ms', '<', startedBeforeMs).execute()
  }
}

const toRun = (row: Selectable<Tables['script_run']>): RunRecord => ({
  id: row.id,
  organisationId: row.organisation_id,
  operator: userViewSchema.parse(JSON.parse(row.operator)),
  scriptId: row.script_id,
  scriptName: row.script_name,
  digest: row.digest,
  roleId: row.role_id,
  reason: row.reason,
  definition: scriptDefinitionSchema.parse(JSON.parse(row.definition)),
  values: scriptValuesSchema.parse(JSON.parse(row.script_values)),
  timeLimitS: row.time_limit_s,
  order: row.signed_order,
  certificate: row.certificate,
  orderedBy: row.ordered_by,
  startedAtMs: row.started_at_ms,
  expiresAtMs: row.expires_at_ms,
})

const toDevice = (row: Selectable<Tables['script_run_device']>): RunDeviceRecord => ({
  runId: row.run_id,
  deviceId: row.device_id,
  deviceName: row.device_name,
  deviceKey: ed25519PublicJwkSchema.parse(JSON.parse(row.device_key)),
  state: row.state,
  why: row.why === null ? null : wireErrorSchema.parse(JSON.parse(row.why)),
  approvedBy: row.approved_by === null ? null : approverSchema.parse(JSON.parse(row.approved_by)),
  outputBytes: row.output_bytes,
  sentAtMs: row.sent_at_ms,
  startedAtMs: row.started_at_ms,
  endedAtMs: row.ended_at_ms,
  result: row.result === null ? null : runResultSchema.parse(JSON.parse(row.result)),
  proof: row.proof,
})
