import type { AuditWriter } from '../../domain/audit/store.ts'
import { KyselyAuditReader } from './reader.ts'

export class KyselyAuditWriter extends KyselyAuditReader implements AuditWriter {
  async insertHead(head: Parameters<AuditWriter['insertHead']>[0]): Promise<void> {
    await this.db.insertInto('audit_head').values(head).execute()
  }

  async setCopied(target: string, headId: number): Promise<void> {
    const copy = this.db.insertInto('audit_copy').values({ target, head_id: headId })
    await copy.onConflict(conflict => conflict.column('target').doUpdateSet({ head_id: headId })).execute()
  }

  async pruneHeads(copiedToId: number): Promise<void> {
    await this.db
      .deleteFrom('audit_head')
      .where('id', '<=', copiedToId)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('audit_head as later')
            .select('later.id')
            .whereRef('later.chain', '=', 'audit_head.chain')
            .whereRef('later.position', '>', 'audit_head.position'),
        ),
      )
      .execute()
  }

  async bury({ chain, position, statement }: Parameters<AuditWriter['bury']>[0]): Promise<number> {
    await this.db.insertInto('audit_tombstone').values({ chain, position, statement }).execute()
    const rows = this.db.deleteFrom('audit').where('chain', '=', chain).where('position', '<=', position)
    return Number((await rows.executeTakeFirstOrThrow()).numDeletedRows)
  }
}
