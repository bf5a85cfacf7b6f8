import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import { WEBHOOK_EVENTS } from '#protocol/webhooks-http.ts'
import type {
  DeliveryFilter,
  DeliveryRecord,
  FailedDelivery,
  FailedFilter,
  Receiver,
  WebhookReader,
  WebhookRecord,
  WebhookWriter,
} from '../../domain/webhooks/store.ts'
import { TableReader } from '../table-reader.ts'
import type { Tables } from '../tables.ts'

const eventsSchema = z.array(z.enum(WEBHOOK_EVENTS))

export class KyselyWebhookReader extends TableReader implements WebhookReader {
  async webhook(id: string): Promise<WebhookRecord | undefined> {
    const row = await this.db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toWebhook(row)
  }

  async webhooks(organisationId: string): Promise<WebhookRecord[]> {
    const webhooks = this.db.selectFrom('webhook').selectAll().where('organisation_id', '=', organisationId)
    return (await webhooks.orderBy('created_at_ms').limit(200).execute()).map(toWebhook)
  }

  async delivery(id: string): Promise<DeliveryRecord | undefined> {
    const row = await this.db.selectFrom('webhook_delivery').selectAll().where('id', '=', id).executeTakeFirst()
    return row && toDelivery(row)
  }

  async deliveries(webhookId: string, { status, after, limit }: DeliveryFilter): Promise<DeliveryRecord[]> {
    let deliveries = this.db.selectFrom('webhook_delivery').selectAll().where('webhook_id', '=', webhookId)
    if (status !== undefined) deliveries = deliveries.where('status', '=', status)
    if (after) deliveries = deliveries.where(sql<boolean>`(created_at_ms, id) < (${after.createdAtMs}, ${after.id})`)
    const newest = deliveries.orderBy('created_at_ms', 'desc').orderBy('id', 'desc')
    return (await newest.limit(limit + 1).execute()).map(toDelivery)
  }

  async failed(organisationId: string, { status, webhookId, after, limit }: FailedFilter): Promise<FailedDelivery[]> {
    // As the partial indexes say it, so that one of them is the list.
    const isFailed =
      status === 'dead'
        ? sql<boolean>`status = 'dead' and replayed_at_ms is null`
        : sql<boolean>`status = 'waiting' and attempts > 0`
    let failed = this.db
      .selectFrom('webhook_delivery')
      .innerJoin('webhook', 'webhook.id', 'webhook_delivery.webhook_id')
      .selectAll('webhook_delivery')
      .select(['webhook.description', 'webhook.url'])
      .where('webhook_delivery.organisation_id', '=', organisationId)
      .where(isFailed)
    if (webhookId !== undefined) failed = failed.where('webhook_id', '=', webhookId)
    if (after)
      failed = failed.where(
        sql<boolean>`(webhook_delivery.created_at_ms, webhook_delivery.id) < (${after.createdAtMs}, ${after.id})`,
      )
    const newest = failed.orderBy('webhook_delivery.created_at_ms', 'desc').orderBy('webhook_delivery.id', 'desc')
    return (await newest.limit(limit + 1).execute()).map(row => ({
      ...toDelivery(row),
      webhook: { id: row.webhook_id, description: row.description, url: row.url },
    }))
  }

  async receiversDue(nowMs: number): Promise<Receiver[]> {
    // From one receiver to the next in the index, however much waits for each.
    const { rows } = await sql<Receiver>`with recursive receiver (id) as (
        select min(webhook_id) from webhook_delivery where status = 'waiting'
        union all
        select (select min(webhook_id) from webhook_delivery where status = 'waiting' and webhook_id > receiver.id)
          from receiver where receiver.id is not null)
      select webhook.id as webhookId, webhook.organisation_id as organisationId
        from receiver cross join webhook on webhook.id = receiver.id
        where exists (select 1 from webhook_delivery where status = 'waiting' and webhook_id = receiver.id and next_at_ms <= ${nowMs})`.execute(
      this.db,
    )
    return rows
  }

  async due(webhookId: string, nowMs: number, limit: number): Promise<DeliveryRecord[]> {
    const waiting = this.db.selectFrom('webhook_delivery').selectAll().where('status', '=', 'waiting')
    const due = waiting.where('webhook_id', '=', webhookId).where('next_at_ms', '<=', nowMs)
    return (await due.orderBy('next_at_ms').limit(limit).execute()).map(toDelivery)
  }
}

export class KyselyWebhookWriter extends KyselyWebhookReader implements WebhookWriter {
  async insertWebhook(webhook: WebhookRecord): Promise<void> {
    await this.db
      .insertInto('webhook')
      .values({
        id: webhook.id,
        organisation_id: webhook.organisationId,
        url: webhook.url,
        events: JSON.stringify(webhook.events),
        description: webhook.description,
        sealed_secret: webhook.sealedSecret,
        sealed_old_secret: webhook.sealedOldSecret,
        old_secret_until_ms: webhook.oldSecretUntilMs,
        created_at_ms: webhook.createdAtMs,
      })
      .execute()
  }

  async setSecret(id: string, sealedSecret: string, oldSecretUntilMs: number): Promise<void> {
    await this.db
      .updateTable('webhook')
      .set(({ ref }) => ({
        sealed_old_secret: ref('sealed_secret'),
        sealed_secret: sealedSecret,
        old_secret_until_ms: oldSecretUntilMs,
      }))
      .where('id', '=', id)
      .execute()
  }

  async deleteWebhook(id: string): Promise<void> {
    await this.db.deleteFrom('webhook').where('id', '=', id).execute()
  }

  async insertDelivery(delivery: Parameters<WebhookWriter['insertDelivery']>[0]): Promise<void> {
    await this.db
      .insertInto('webhook_delivery')
      .values({
        id: delivery.id,
        organisation_id: delivery.organisationId,
        webhook_id: delivery.webhookId,
        event_id: delivery.eventId,
        type: delivery.type,
        payload: delivery.payload,
        created_at_ms: delivery.createdAtMs,
        status: 'waiting',
        next_at_ms: delivery.createdAtMs,
      })
      .execute()
  }

  async updateDelivery(id: string, outcome: Parameters<WebhookWriter['updateDelivery']>[1]): Promise<void> {
    await this.db
      .updateTable('webhook_delivery')
      .set({
        status: outcome.status,
        attempts: outcome.attempts,
        next_at_ms: outcome.nextAtMs,
        last_status: outcome.lastStatus,
        last_error: outcome.lastError,
      })
      .where('id', '=', id)
      .execute()
  }

  async setNext(id: string, nextAtMs: number): Promise<void> {
    const waiting = this.db.updateTable('webhook_delivery').set({ next_at_ms: nextAtMs }).where('id', '=', id)
    await waiting.where('status', '=', 'waiting').execute()
  }

  async setReplayed(id: string, atMs: number): Promise<void> {
    await this.db.updateTable('webhook_delivery').set({ replayed_at_ms: atMs }).where('id', '=', id).execute()
  }

  async deleteDoneDeliveries(beforeMs: number): Promise<void> {
    const done = this.db.deleteFrom('webhook_delivery').where('status', '<>', 'waiting')
    await done.where('created_at_ms', '<', beforeMs).execute()
  }
}

const toWebhook = (row: Selectable<Tables['webhook']>): WebhookRecord => ({
  id: row.id,
  organisationId: row.organisation_id,
  url: row.url,
  events: eventsSchema.parse(JSON.parse(row.events)),
  description: row.description,
  sealedSecret: row.sealed_secret,
  sealedOldSecret: row.sealed_old_secret,
  oldSecretUntilMs: row.old_secret_until_ms,
  createdAtMs: row.created_at_ms,
})

const toDelivery = (row: Selectable<Tables['webhook_delivery']>): DeliveryRecord => ({
  id: row.id,
  webhookId: row.webhook_id,
  eventId: row.event_id,
  type: row.type,
  payload: row.payload,
  createdAtMs: row.created_at_ms,
  status: row.status,
  attempts: row.attempts,
  nextAtMs: row.next_at_ms,
  lastStatus: row.last_status,
  lastError: row.last_error,
})
