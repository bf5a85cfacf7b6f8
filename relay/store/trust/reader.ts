import { ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { ORDERS_MAX } from '#protocol/trust/strict/limits.ts'
import type { OperatorKeyView } from '#protocol/trust-http.ts'
import type { TrustReader } from '../../domain/trust/store.ts'
import { TableReader } from '../table-reader.ts'
import type { Tables } from '../tables.ts'

export class KyselyTrustReader extends TableReader implements TrustReader {
  async orders(organisationId: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('organisation_order')
      .select('statement')
      .where('organisation_id', '=', organisationId)
      .orderBy('sequence', 'desc')
      .limit(ORDERS_MAX)
      .execute()
    return rows.map(row => row.statement).reverse()
  }

  async keysOf(userId: string): Promise<OperatorKeyView[]> {
    const rows = await this.db
      .selectFrom('operator_key')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('registered_at_ms', 'desc')
      .execute()
    return rows.map(toView)
  }

  async keysOfOrganisation(organisationId: string) {
    const rows = await this.db
      .selectFrom('operator_key')
      .innerJoin('user', 'user.id', 'operator_key.user_id')
      .innerJoin('member', 'member.user_id', 'user.id')
      .selectAll('operator_key')
      .select(['user.name', 'user.email', 'user.shown_email'])
      .where('member.organisation_id', '=', organisationId)
      .where('user.removed_at_ms', 'is', null)
      .orderBy('user.name')
      .orderBy('registered_at_ms', 'desc')
      .limit(5_000)
      .execute()
    return rows.map(row => ({
      ...toView(row),
      operator: { id: row.user_id, name: row.name, email: row.shown_email ?? row.email },
    }))
  }

  async ownerOf(organisationId: string, thumbprint: string, userId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('operator_key')
      .innerJoin('member', 'member.user_id', 'operator_key.user_id')
      .select('operator_key.user_id')
      .where('member.organisation_id', '=', organisationId)
      .where('operator_key.user_id', '=', userId)
      .where('operator_key.thumbprint', '=', thumbprint)
      .executeTakeFirst()
    return row !== undefined
  }

  async deviceIds(organisationId: string): Promise<string[]> {
    const devices = this.db.selectFrom('device').select('id').where('organisation_id', '=', organisationId)
    return (await devices.where('removed_at_ms', 'is', null).execute()).map(({ id }) => id)
  }
}

const toView = (row: Tables['operator_key']): OperatorKeyView => ({
  key: ed25519PublicJwkSchema.parse(JSON.parse(row.key)),
  computer: row.computer,
  registeredAtMs: row.registered_at_ms,
  certificate: row.certificate,
})
