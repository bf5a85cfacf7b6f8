import type { WebhookEvent } from '#protocol/webhooks-http.ts'

export interface WebhookRecord {
  readonly id: string
  readonly organisationId: string
  readonly url: string
  readonly events: WebhookEvent[]
  readonly description: string
  readonly sealedSecret: string
  readonly sealedOldSecret: string | null
  readonly oldSecretUntilMs: number | null
  readonly createdAtMs: number
}

export interface DeliveryRecord {
  readonly id: string
  readonly webhookId: string
  readonly eventId: string
  readonly type: string
  /** The body as it is sent and signed. */
  readonly payload: string
  readonly createdAtMs: number
  readonly status: 'waiting' | 'delivered' | 'dead'
  readonly attempts: number
  readonly nextAtMs: number | null
  readonly lastStatus: number | null
  readonly lastError: string | null
}

/** What didn't arrive, with the receiver that it was for. */
export interface FailedDelivery extends DeliveryRecord {
  readonly webhook: Pick<WebhookRecord, 'id' | 'description' | 'url'>
}

export interface FailedFilter {
  /** Given up and not sent anew since; or still being tried again. */
  readonly status: 'dead' | 'retrying'
  readonly webhookId: string | undefined
  readonly after: DeliveryFilter['after']
  readonly limit: number
}

export interface Receiver {
  readonly webhookId: string
  readonly organisationId: string
}

export interface DeliveryFilter {
  readonly status: DeliveryRecord['status'] | undefined
  readonly after: { readonly createdAtMs: number; readonly id: string } | undefined
  readonly limit: number
}

export interface WebhookReader {
  webhook(id: string): Promise<WebhookRecord | undefined>
  webhooks(organisationId: string): Promise<WebhookRecord[]>
  delivery(id: string): Promise<DeliveryRecord | undefined>
  /** Newest first; one more than the limit where there is one more. */
  deliveries(webhookId: string, filter: DeliveryFilter): Promise<DeliveryRecord[]>
  /** Of every receiver, newest first; one more than the limit where there is one more. */
  failed(organisationId: string, filter: FailedFilter): Promise<FailedDelivery[]>
  /** Whom something is due to. */
  receiversDue(nowMs: number): Promise<Receiver[]>
  due(webhookId: string, nowMs: number, limit: number): Promise<DeliveryRecord[]>
}

export interface WebhookWriter extends WebhookReader {
  insertWebhook(webhook: WebhookRecord): Promise<void>
  setSecret(id: string, sealedSecret: string, oldSecretUntilMs: number): Promise<void>
  /** With its deliveries. */
  deleteWebhook(id: string): Promise<void>
  insertDelivery(
    delivery: Pick<DeliveryRecord, 'id' | 'webhookId' | 'eventId' | 'type' | 'payload' | 'createdAtMs'> &
      Pick<WebhookRecord, 'organisationId'>,
  ): Promise<void>
  /** One that waits for its next try has it at this time. */
  setNext(id: string, nextAtMs: number): Promise<void>
  /** One that was given up isn't among what failed any more. */
  setReplayed(id: string, atMs: number): Promise<void>
  updateDelivery(
    id: string,
    outcome: Pick<DeliveryRecord, 'status' | 'attempts' | 'nextAtMs' | 'lastStatus' | 'lastError'>,
  ): Promise<void>
  deleteDoneDeliveries(beforeMs: number): Promise<void>
}
