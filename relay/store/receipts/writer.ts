import type { ReceiptWriter } from '../../domain/receipts/store.ts'
import { KyselyReceiptReader } from './reader.ts'

export class KyselyReceiptWriter extends KyselyReceiptReader implements ReceiptWriter {
  async insert({ sessionId, number, receipt, atMs }: Parameters<ReceiptWriter['insert']>[0]): Promise<void> {
    const row = { session_id: sessionId, number, receipt, kept_at_ms: atMs }
    await this.db.insertInto('receipt').values(row).execute()
  }
}
