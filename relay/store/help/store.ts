import type { Selectable } from 'kysely'
import type { HelpReader, HelpRecord, HelpWriter } from '../../domain/help/store.ts'
import { TableReader } from '../table-reader.ts'
import type { Tables } from '../tables.ts'

const QUEUE_MAX = 200

export class KyselyHelpReader extends TableReader implements HelpReader {
  async byId(id: string): Promise<HelpRecord | undefined> {
    const row = await this.db.selectFrom('help_request').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toHelp(row)
  }

  async byCode(codeDigest: string): Promise<HelpRecord | undefined> {
    const rows = this.db.selectFrom('help_request').selectAll().where('code_digest', '=', codeDigest)
    const row = await rows.executeTakeFirst()
    return row && toHelp(row)
  }

  async queue(organisationId: string, nowMs: number): Promise<HelpRecord[]> {
    const rows = await this.db
      .selectFrom('help_request')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('way', '=', 'queue')
      .where('until_ms', '>', nowMs)
      .orderBy('asked_at_ms')
      .limit(QUEUE_MAX)
      .execute()
    return rows.map(toHelp)
  }
}

export class KyselyHelpWriter extends KyselyHelpReader implements HelpWriter {
  async put(record: HelpRecord): Promise<void> {
    await this.removeOfDevice(record.deviceId)
    await this.db
      .insertInto('help_request')
      .values({
        device_id: record.deviceId,
        id: record.id,
        organisation_id: record.organisationId,
        way: record.way,
        code_digest: record.codeDigest,
        who: record.who,
        words: record.words,
        asked_at_ms: record.askedAtMs,
        until_ms: record.untilMs,
      })
      .execute()
  }

  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.db.deleteFrom('help_request').where('id', '=', id).executeTakeFirstOrThrow()
    return numDeletedRows === 1n
  }

  async removeOfDevice(deviceId: string): Promise<boolean> {
    const rows = this.db.deleteFrom('help_request').where('device_id', '=', deviceId)
    return (await rows.executeTakeFirstOrThrow()).numDeletedRows === 1n
  }

  async deleteExpired(nowMs: number): Promise<void> {
    await this.db.deleteFrom('help_request').where('until_ms', '<=', nowMs).execute()
  }
}

const toHelp = (row: Selectable<Tables['help_request']>): HelpRecord => ({
  id: row.id,
  organisationId: row.organisation_id,
  deviceId: row.device_id,
  way: row.way,
  codeDigest: row.code_digest,
  who: row.who,
  words: row.words,
  askedAtMs: row.asked_at_ms,
  untilMs: row.until_ms,
})
