import { z } from 'zod'
import type { DeviceStatus } from '#protocol/device-status.ts'
import type { DeviceCounts, EnrolmentReader, EnrolmentTokenRecord } from '../../domain/enrolment/store.ts'
import { TableReader } from '../table-reader.ts'
import type { Tables } from '../tables.ts'

const TOKENS_MAX = 1_000
const networksSchema = z.array(z.string())

/** The questions about enrolment tokens and what became of their devices. */
export class KyselyEnrolmentReader extends TableReader implements EnrolmentReader {
  async tokenByHash(tokenHash: string): Promise<EnrolmentTokenRecord | undefined> {
    const row = await this.#tokens().where('token_hash', '=', tokenHash).executeTakeFirst()
    return row && toToken(row)
  }

  async token(id: string): Promise<EnrolmentTokenRecord | undefined> {
    const row = await this.#tokens().where('enrolment_token.id', '=', id).executeTakeFirst()
    return row && toToken(row)
  }

  async tokens(organisationId: string): Promise<EnrolmentTokenRecord[]> {
    const rows = await this.#tokens()
      .where('enrolment_token.organisation_id', '=', organisationId)
      .orderBy('enrolment_token.created_at_ms', 'desc')
      .limit(TOKENS_MAX)
      .execute()
    return rows.map(toToken)
  }

  async deviceCounts(organisationId: string): Promise<Map<string, DeviceCounts>> {
    const rows = await this.db
      .selectFrom('enrolment_token')
      .innerJoin('device', 'device.enrolment_token_hash', 'enrolment_token.token_hash')
      .select(({ fn, eb }) => [
        'token_hash',
        eb.case().when('removed_at_ms', 'is not', null).then('removed').else(eb.ref('status')).end().as('kind'),
        fn.countAll<number>().as('count'),
      ])
      .where('enrolment_token.organisation_id', '=', organisationId)
      .groupBy(['token_hash', 'kind'])
      .execute()
    const counts = new Map<string, DeviceCounts>()
    for (const { token_hash, kind, count } of rows) {
      const of = counts.get(token_hash) ?? { pending: 0, active: 0, quarantined: 0, removed: 0 }
      counts.set(token_hash, { ...of, [kind]: count })
    }
    return counts
  }

  devicesOfToken(tokenHash: string): Promise<{ id: string; status: DeviceStatus }[]> {
    return this.db
      .selectFrom('device')
      .select(['id', 'status'])
      .where('enrolment_token_hash', '=', tokenHash)
      .where('removed_at_ms', 'is', null)
      .execute()
  }

  removedDevice(id: string) {
    return this.db
      .selectFrom('device')
      .select(['organisation_id as organisationId', 'key_thumbprint as keyThumbprint'])
      .where('id', '=', id)
      .where('removed_at_ms', 'is not', null)
      .executeTakeFirst()
  }

  async wasRemoved(keyThumbprint: string, tokenHash: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('device')
      .select('id')
      .where('key_thumbprint', '=', keyThumbprint)
      .where('removed_at_ms', 'is not', null)
      .where('enrolment_token_hash', '=', tokenHash)
      .executeTakeFirst()
    return row !== undefined
  }

  async quarantinedSince(sinceMs: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('device')
      .select('id')
      .where('status', '=', 'quarantined')
      .where('removed_at_ms', 'is', null)
      .where('status_since_ms', '>=', sinceMs)
      .execute()
    return rows.map(({ id }) => id)
  }

  async boot(deviceId: string) {
    const row = await this.db
      .selectFrom('device')
      .select(['boot_id', 'boot_count'])
      .where('id', '=', deviceId)
      .executeTakeFirst()
    return row?.boot_id == null ? null : { id: row.boot_id, count: row.boot_count }
  }

  #tokens() {
    return this.db
      .selectFrom('enrolment_token')
      .innerJoin('organisation', 'organisation.id', 'enrolment_token.organisation_id')
      .leftJoin('user', 'user.id', 'enrolment_token.created_by')
      .selectAll('enrolment_token')
      .select(['organisation.name as organisation_name', 'user.email as creator_email'])
  }
}

type TokenRow = Tables['enrolment_token'] & { organisation_name: string; creator_email: string | null }

const toToken = (row: TokenRow): EnrolmentTokenRecord => ({
  id: row.id,
  organisation: { id: row.organisation_id, name: row.organisation_name },
  name: row.name,
  tokenHash: row.token_hash,
  groupId: row.group_id,
  maxUses: row.max_uses,
  usesLeft: row.uses_left,
  networks: networksSchema.parse(JSON.parse(row.networks)),
  approval: row.approval === 1,
  createdBy: row.creator_email ?? row.created_by,
  createdAtMs: row.created_at_ms,
  expiresAtMs: row.expires_at_ms,
  revokedAtMs: row.revoked_at_ms,
})
