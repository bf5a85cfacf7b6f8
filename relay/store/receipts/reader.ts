import type { Kysely } from 'kysely'
import { RECEIPTS_PER_SESSION } from '#protocol/trust/receipt.ts'
import type { ReceiptReader } from '../../domain/receipts/store.ts'
import type { Tables } from '../tables.ts'

export class KyselyReceiptReader implements ReceiptReader {
  protected readonly db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.db = db
  }

  async ofSession(sessionId: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('receipt')
      .select('receipt')
      .where('session_id', '=', sessionId)
      .orderBy('number')
      .limit(RECEIPTS_PER_SESSION)
      .execute()
    return rows.map(row => row.receipt)
  }
}
