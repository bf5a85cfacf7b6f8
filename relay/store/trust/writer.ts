import type { NewOperatorKey, NewOrder, TrustWriter } from '../../domain/trust/store.ts'
import { KyselyTrustReader } from './reader.ts'

export class KyselyTrustWriter extends KyselyTrustReader implements TrustWriter {
  async insertOrder({ organisationId, sequence, statement, isHandOver, atMs }: NewOrder): Promise<void> {
    await this.db
      .deleteFrom('organisation_order')
      .where('organisation_id', '=', organisationId)
      .where('is_hand_over', '=', 0)
      .execute()
    const row = { organisation_id: organisationId, sequence, statement, is_hand_over: Number(isHandOver) }
    await this.db
      .insertInto('organisation_order')
      .values({ ...row, kept_at_ms: atMs })
      .execute()
  }

  async insertKey({ userId, thumbprint, key, computer, atMs }: NewOperatorKey, keep: number): Promise<boolean> {
    const row = { user_id: userId, thumbprint, key: JSON.stringify(key), computer, registered_at_ms: atMs }
    const { numInsertedOrUpdatedRows } = await this.db
      .insertInto('operator_key')
      .values({ ...row, certificate: null })
      .onConflict(conflict => conflict.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows !== 1n) return false
    const own = this.db.selectFrom('operator_key').select('thumbprint').where('user_id', '=', userId)
    const newest = await own.orderBy('registered_at_ms', 'desc').limit(keep).execute()
    await this.db
      .deleteFrom('operator_key')
      .where('user_id', '=', userId)
      .where(
        'thumbprint',
        'not in',
        newest.map(kept => kept.thumbprint),
      )
      .execute()
    return true
  }

  async setCertificate(userId: string, thumbprint: string, certificate: string): Promise<void> {
    await this.db
      .updateTable('operator_key')
      .set({ certificate })
      .where('user_id', '=', userId)
      .where('thumbprint', '=', thumbprint)
      .execute()
  }

  async forget(organisationId: string): Promise<void> {
    await this.db.deleteFrom('organisation_order').where('organisation_id', '=', organisationId).execute()
    const members = this.db.selectFrom('member').select('user_id').where('organisation_id', '=', organisationId)
    await this.db.updateTable('operator_key').set({ certificate: null }).where('user_id', 'in', members).execute()
  }
}
