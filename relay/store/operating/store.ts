import { sql } from 'kysely'
import type { ExportedRow, OperatingReader, OperatingWriter, RetentionDays } from '../../domain/operating/store.ts'
import { KyselyRecordsWriter } from '../records/writer.ts'
import { toAuditRow } from '../rows.ts'
import { TableReader } from '../table-reader.ts'

/** The questions of who runs the relay: what there is, and what is too old. */
export class KyselyOperatingReader extends TableReader implements OperatingReader {
  async auditSequence(): Promise<number> {
    const row = await this.db
      .selectFrom('audit')
      .select(({ fn }) => fn.max('sequence').as('sequence'))
      .executeTakeFirst()
    return row?.sequence ?? 0
  }

  async openSessionCounts(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ name: string; count: number }>`select state_name as name, count(*) as count
      from session indexed by session_open_organisation where state_name <> 'closed' group by state_name`.execute(
      this.db,
    )
    return new Map(rows.map(({ name, count }) => [name, count]))
  }

  async deliveryCounts(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await sql<{ waiting: number; dead: number }>`select
      (select count(*) from webhook_delivery where status = 'waiting') as waiting,
      (select count(*) from webhook_delivery where status = 'dead' and replayed_at_ms is null) as dead`.execute(this.db)
    return new Map(Object.entries(rows[0] ?? {}))
  }

  async retention(organisationId: string): Promise<RetentionDays | undefined> {
    return this.db
      .selectFrom('retention')
      .select(['audit_days as auditDays', 'history_days as historyDays', 'recording_days as recordingDays'])
      .where('organisation_id', '=', organisationId)
      .executeTakeFirst()
  }

  async organisationIds(): Promise<string[]> {
    return (await this.db.selectFrom('organisation').select('id').execute()).map(({ id }) => id)
  }

  async auditAfter(sequence: number, limit: number): Promise<ExportedRow[]> {
    const rows = await this.db
      .selectFrom('audit')
      .select(['sequence', 'organisation_id', 'at_ms', 'actor', 'action', 'subject', 'detail'])
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(limit)
      .execute()
    return rows.map(row => ({ ...toAuditRow(row), organisationId: row.organisation_id }))
  }

  async exported(target: string): Promise<number | undefined> {
    const row = this.db.selectFrom('audit_export').select('sequence').where('target', '=', target)
    return (await row.executeTakeFirst())?.sequence
  }

  async lastAuditRowBefore(chain: string, beforeMs: number, limit: number) {
    const rows = await this.db
      .selectFrom('audit')
      .select(['position', 'hash', 'at_ms'])
      .where('chain', '=', chain)
      .where(sql<boolean>`position <= (select max(position) from audit_head where chain = ${chain})`)
      // The chain's last row stays: the next one continues from it.
      .where(sql<boolean>`position < (select max(position) from audit where chain = ${chain})`)
      .where(sql<boolean>`sequence <= coalesce((select min(sequence) from audit_export), sequence)`)
      .orderBy('position')
      .limit(limit)
      .execute()
    const kept = rows.findIndex(({ at_ms }) => at_ms >= beforeMs)
    return (kept === -1 ? rows : rows.slice(0, kept)).at(-1)
  }
}

export class KyselyOperatingWriter extends KyselyOperatingReader implements OperatingWriter {
  async setExported(target: string, sequence: number): Promise<void> {
    await this.db.updateTable('audit_export').set({ sequence }).where('target', '=', target).execute()
  }

  async keepExport(target: string | null): Promise<void> {
    await this.db.deleteFrom('audit_export').where('target', 'is not', target).execute()
    if (target === null) return
    const row = this.db.insertInto('audit_export').values({ target, sequence: 0 })
    await row.onConflict(conflict => conflict.doNothing()).execute()
  }

  async setRetention(organisationId: string, days: RetentionDays): Promise<void> {
    const { auditDays: audit_days, historyDays: history_days, recordingDays: recording_days } = days
    const set = { audit_days, history_days, recording_days }
    await this.db
      .insertInto('retention')
      .values({ organisation_id: organisationId, ...set })
      .onConflict(conflict => conflict.column('organisation_id').doUpdateSet(set))
      .execute()
  }

  async deletePresence(organisationId: string, beforeMs: number, limit: number): Promise<number> {
    const { numAffectedRows } = await sql`delete from presence_span where id in (
      select span.id from presence_span as span cross join device on device.id = span.device_id
      where span.to_ms < ${beforeMs} and device.organisation_id = ${organisationId} order by span.to_ms limit ${limit})`.execute(
      this.db,
    )
    return Number(numAffectedRows ?? 0)
  }

  async deleteInventories(organisationId: string, beforeMs: number, limit: number): Promise<number> {
    const { rows } = await sql<{ id: string }>`select device.id from device_inventory as inventory
      cross join device on device.id = inventory.device_id
      where inventory.at_ms < ${beforeMs} and device.organisation_id = ${organisationId} and device.away = 1
      order by inventory.at_ms limit ${limit}`.execute(this.db)
    const records = new KyselyRecordsWriter(this.db)
    for (const { id } of rows) {
      await this.db.deleteFrom('device_inventory').where('device_id', '=', id).execute()
      await this.db.deleteFrom('device_network').where('device_id', '=', id).execute()
      await records.index(id)
    }
    return rows.length
  }
}
