import { RECEIPTS_PER_SESSION } from '#protocol/trust/receipt.ts'
import type { ReceiptReader } from '../../domain/receipts/store.ts'
import { TableReader } from '../table-reader.ts'

export class KyselyReceiptReader extends TableReader implements ReceiptReader {
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
