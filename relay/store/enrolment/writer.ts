import type { DeviceStatus, QuarantineReason } from '#protocol/device-status.ts'
import type { DeviceOwner } from '#protocol/wire/views.ts'
import type { Boot, EnrolmentWriter, NewEnrolmentToken } from '../../domain/enrolment/store.ts'
import { KyselyEnrolmentReader } from './reader.ts'

/** The changes to enrolment tokens and to a device's status. */
export class KyselyEnrolmentWriter extends KyselyEnrolmentReader implements EnrolmentWriter {
  async insertToken(token: NewEnrolmentToken): Promise<void> {
    await this.db
      .insertInto('enrolment_token')
      .values({
        id: token.id,
        organisation_id: token.organisationId,
        name: token.name,
        token_hash: token.tokenHash,
        group_id: token.groupId,
        max_uses: token.maxUses,
        uses_left: token.maxUses,
        networks: JSON.stringify(token.networks),
        approval: token.approval ? 1 : 0,
        created_by: token.createdBy,
        created_at_ms: token.createdAtMs,
        expires_at_ms: token.expiresAtMs,
        revoked_at_ms: null,
      })
      .execute()
  }

  async spendToken(tokenHash: string, uses: 0 | 1): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('enrolment_token')
      .set(({ eb }) => ({ uses_left: eb('uses_left', '-', uses) }))
      .where('token_hash', '=', tokenHash)
      .where('uses_left', '>', 0)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  async revokeToken(id: string, atMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.db
      .updateTable('enrolment_token')
      .set({ revoked_at_ms: atMs })
      .where('id', '=', id)
      .where('revoked_at_ms', 'is', null)
      .executeTakeFirstOrThrow()
    return numUpdatedRows === 1n
  }

  async setStatus(
    deviceId: string,
    status: DeviceStatus,
    reason: QuarantineReason | null,
    atMs: number,
  ): Promise<void> {
    const set = { status, status_reason: reason, status_since_ms: atMs }
    await this.db.updateTable('device').set(set).where('id', '=', deviceId).execute()
  }

  async setOwner(deviceId: string, owner: DeviceOwner | null): Promise<void> {
    const set = { owner: owner && JSON.stringify(owner) }
    await this.db.updateTable('device').set(set).where('id', '=', deviceId).execute()
  }

  async setBoot(deviceId: string, boot: Boot | null): Promise<void> {
    const set = { boot_id: boot?.id ?? null, boot_count: boot?.count ?? 0 }
    await this.db.updateTable('device').set(set).where('id', '=', deviceId).execute()
  }
}
