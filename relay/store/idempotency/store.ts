import type { IdempotencyReader, IdempotencyWriter, KeyedRequest, KeyedRow } from '../../domain/idempotency/store.ts'
import { TableReader } from '../table-reader.ts'

export class KyselyIdempotencyReader extends TableReader implements IdempotencyReader {
  find(principal: string, key: string, nowMs: number): Promise<KeyedRow | undefined> {
    return this.db
      .selectFrom('idempotency')
      .select(['request_hash as requestHash', 'sealed_reply as sealedReply'])
      .where('principal', '=', principal)
      .where('key', '=', key)
      .where('expires_at_ms', '>', nowMs)
      .executeTakeFirst()
  }
}

export class KyselyIdempotencyWriter extends KyselyIdempotencyReader implements IdempotencyWriter {
  async begin({ principal, key, requestHash, expiresAtMs }: KeyedRequest, nowMs: number): Promise<void> {
    const row = { request_hash: requestHash, sealed_reply: null, expires_at_ms: expiresAtMs }
    await this.db
      .insertInto('idempotency')
      .values({ principal, key, ...row })
      .onConflict(conflict =>
        conflict.columns(['principal', 'key']).doUpdateSet(row).where('idempotency.expires_at_ms', '<=', nowMs),
      )
      .execute()
  }

  async finish({ principal, key, requestHash, expiresAtMs }: KeyedRequest, sealedReply: string): Promise<void> {
    const row = { request_hash: requestHash, sealed_reply: sealedReply, expires_at_ms: expiresAtMs }
    await this.db
      .insertInto('idempotency')
      .values({ principal, key, ...row })
      .onConflict(conflict => conflict.columns(['principal', 'key']).doUpdateSet(row))
      .execute()
  }

  async deleteExpired(nowMs: number): Promise<void> {
    await this.db.deleteFrom('idempotency').where('expires_at_ms', '<=', nowMs).execute()
  }
}
