import type { Selectable } from 'kysely'
import { scriptDefinitionSchema } from '#protocol/scripts/script.ts'
import type { ScriptReader, ScriptRecord, ScriptWriter } from '../../domain/scripts/store.ts'
import { TableReader } from '../table-reader.ts'
import type { Tables } from '../tables.ts'

const SCRIPTS_MAX = 200

export class KyselyScriptReader extends TableReader implements ScriptReader {
  async script(id: string): Promise<ScriptRecord | undefined> {
    const row = await this.db.selectFrom('script').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toScript(row)
  }

  async scripts(organisationId: string): Promise<ScriptRecord[]> {
    const scripts = this.db.selectFrom('script').selectAll().where('organisation_id', '=', organisationId)
    return (await scripts.orderBy('created_at_ms').orderBy('id').limit(SCRIPTS_MAX).execute()).map(toScript)
  }
}

export class KyselyScriptWriter extends KyselyScriptReader implements ScriptWriter {
  async insertScript(script: ScriptRecord): Promise<void> {
    await this.db
      .insertInto('script')
      .values({
        id: script.id,
        organisation_id: script.organisationId,
        name: script.name,
        description: script.description,
        definition: JSON.stringify(script.definition),
        digest: script.digest,
        role_id: script.roleId,
        author_id: script.authorId,
        author: script.author,
        created_at_ms: script.createdAtMs,
        approved_by: null,
        approved_at_ms: null,
      })
      .execute()
  }

  async approveScript(id: string, approvedBy: string, atMs: number): Promise<void> {
    await this.db
      .updateTable('script')
      .set({ approved_by: approvedBy, approved_at_ms: atMs })
      .where('id', '=', id)
      .execute()
  }

  async deleteScript(id: string): Promise<void> {
    await this.db.deleteFrom('script').where('id', '=', id).execute()
  }
}

const toScript = (row: Selectable<Tables['script']>): ScriptRecord => ({
  id: row.id,
  organisationId: row.organisation_id,
  name: row.name,
  description: row.description,
  definition: scriptDefinitionSchema.parse(JSON.parse(row.definition)),
  digest: row.digest,
  roleId: row.role_id,
  authorId: row.author_id,
  author: row.author,
  createdAtMs: row.created_at_ms,
  approvedBy: row.approved_by,
})
