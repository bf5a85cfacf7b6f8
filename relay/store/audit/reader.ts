import { sql } from 'kysely'
import type { AuditReader, ChainEnd, KeptHead } from '../../domain/audit/store.ts'
import { TableReader } from '../table-reader.ts'

export class KyselyAuditReader extends TableReader implements AuditReader {
  async chainEnds(): Promise<ChainEnd[]> {
    // From one chain to the next by the index: grouping would read every row of the audit.
    const { rows } = await sql<ChainEnd>`
      with recursive chains (chain) as (
        select min(chain) from audit
        union all
        select (select min(chain) from audit where chain > chains.chain) from chains where chains.chain is not null
      )
      select chains.chain, last.position, last.hash from chains
      join audit as last on last.chain = chains.chain
        and last.position = (select max(position) from audit where chain = chains.chain)
    `.execute(this.db)
    return rows
  }

  async lastSequence(): Promise<number> {
    const row = await this.db
      .selectFrom('audit')
      .select(({ fn }) => fn.max('sequence').as('sequence'))
      .executeTakeFirst()
    return Number(row?.sequence ?? 0)
  }

  async sealedTo(chain: string): Promise<number> {
    const heads = this.db.selectFrom('audit_head').select('position').where('chain', '=', chain)
    return (await heads.orderBy('position', 'desc').limit(1).executeTakeFirst())?.position ?? 0
  }

  async hashes(chain: string, after: number, to: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('audit')
      .select('hash')
      .where('chain', '=', chain)
      .where('position', '>', after)
      .where('position', '<=', to)
      .orderBy('position')
      .execute()
    return rows.map(row => row.hash)
  }

  headsAfter(id: number, limit: number): Promise<KeptHead[]> {
    const heads = this.db.selectFrom('audit_head').select(['id', 'statement']).where('id', '>', id)
    return heads.orderBy('id').limit(limit).execute()
  }

  async copiedTo(target: string): Promise<number> {
    const copy = this.db.selectFrom('audit_copy').select('head_id').where('target', '=', target)
    return (await copy.executeTakeFirst())?.head_id ?? 0
  }
}
