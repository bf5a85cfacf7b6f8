import { HandholdError } from '#protocol/errors.ts'
import type { WebhookEvent } from '#protocol/webhooks-http.ts'
import { userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Seal } from '../identity/seal.ts'
import type { Principal } from '../principal.ts'
import type { Store, Writer } from '../store.ts'
import { payloadOf } from './events.ts'
import { SECRET_PURPOSE } from './sender.ts'
import type { DeliveryFilter, DeliveryRecord, WebhookRecord } from './store.ts'

const WEBHOOKS_MAX = 50
const SECRET_BYTES = 32
const OLD_SECRET_MS = 24 * 60 * 60_000

export interface WebhooksParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly seal: Seal
  /** Whether this may be called at all; names are looked at again at each delivery. Throws `bad-request`. */
  readonly requireUrl: (url: string) => void
}

export interface WebhookWish {
  readonly url: string
  readonly events: WebhookEvent[]
  readonly description: string
}

/** Where an organisation's events are sent. Secrets are shown once and kept sealed. */
export class Webhooks {
  readonly #parts: WebhooksParts

  constructor(parts: WebhooksParts) {
    this.#parts = parts
  }

  list({ organisation }: Principal): Promise<WebhookRecord[]> {
    return this.#parts.store.read.webhooks.webhooks(organisation.id)
  }

  /** The secret is in this answer and nowhere else. Throws `bad-request`. */
  async create(principal: Principal, wish: WebhookWish): Promise<{ webhook: WebhookRecord; secret: string }> {
    const { clock, chance, seal, requireUrl } = this.#parts
    requireUrl(wish.url)
    const secret = this.#newSecret()
    const webhook: WebhookRecord = {
      ...wish,
      id: newId('webhook', chance),
      organisationId: principal.organisation.id,
      sealedSecret: seal.seal(secret, SECRET_PURPOSE),
      sealedOldSecret: null,
      oldSecretUntilMs: null,
      createdAtMs: clock.nowMs(),
    }
    await this.#change(principal, 'webhook.created', webhook.id, { url: wish.url, events: wish.events }, async tx => {
      if ((await tx.webhooks.webhooks(principal.organisation.id)).length >= WEBHOOKS_MAX)
        throw new HandholdError('bad-request', `An organisation has at most ${WEBHOOKS_MAX} webhooks.`)
      await tx.webhooks.insertWebhook(webhook)
    })
    return { webhook, secret }
  }

  /** For a day both secrets sign. Throws `not-found`. */
  async rotate(principal: Principal, id: string): Promise<{ webhook: WebhookRecord; secret: string }> {
    const { clock, seal } = this.#parts
    const secret = this.#newSecret()
    const webhook = await this.#change(principal, 'webhook.secret-rotated', id, {}, async tx => {
      await requireOwn(tx, principal, id)
      await tx.webhooks.setSecret(id, seal.seal(secret, SECRET_PURPOSE), clock.nowMs() + OLD_SECRET_MS)
      return requireOwn(tx, principal, id)
    })
    return { webhook, secret }
  }

  /** Throws `not-found`. */
  async remove(principal: Principal, id: string): Promise<void> {
    await this.#change(principal, 'webhook.removed', id, {}, async tx => {
      await requireOwn(tx, principal, id)
      await tx.webhooks.deleteWebhook(id)
    })
  }

  /** Throws `not-found`. */
  async deliveries(principal: Principal, id: string, filter: DeliveryFilter): Promise<DeliveryRecord[]> {
    const { read } = this.#parts.store
    await requireOwn(read, principal, id)
    return read.webhooks.deliveries(id, filter)
  }

  /** An event that says nothing, to try the receiver. Throws `not-found`. */
  async ping(principal: Principal, id: string): Promise<DeliveryRecord> {
    const atMs = this.#parts.clock.nowMs()
    return this.#change(principal, 'webhook.pinged', id, {}, async tx => {
      await requireOwn(tx, principal, id)
      const entry = { action: 'webhook.pinged', subject: id, atMs, actor: userActor(principal.user) }
      return this.#insert(
        tx,
        id,
        newId('webhookEvent', this.#parts.chance),
        'webhook.ping',
        payloadOf('webhook.ping', entry),
      )
    })
  }

  /** The same event once more, under the same id. Throws `not-found`. */
  async replay(principal: Principal, id: string, deliveryId: string): Promise<DeliveryRecord> {
    return this.#change(principal, 'webhook.replayed', id, { deliveryId }, async tx => {
      await requireOwn(tx, principal, id)
      const delivery = await tx.webhooks.delivery(deliveryId)
      if (delivery?.webhookId !== id)
        throw new HandholdError('not-found', 'There is no such delivery. Refresh the list.')
      return this.#insert(tx, id, delivery.eventId, delivery.type, delivery.payload)
    })
  }

  async #insert(
    tx: Writer,
    webhookId: string,
    eventId: string,
    type: string,
    payload: string,
  ): Promise<DeliveryRecord> {
    const id = newId('webhookDelivery', this.#parts.chance)
    await tx.webhooks.insertDelivery({ id, webhookId, eventId, type, payload, createdAtMs: this.#parts.clock.nowMs() })
    const delivery = await tx.webhooks.delivery(id)
    if (!delivery) throw new Error('A delivery that was written is gone')
    return delivery
  }

  #newSecret(): string {
    return `whsec_${Buffer.from(this.#parts.chance.randomBytes(SECRET_BYTES)).toString('base64')}`
  }

  #change<T>(
    principal: Principal,
    action: string,
    subject: string,
    detail: object,
    work: (tx: Writer) => Promise<T>,
  ): Promise<T> {
    const { store, clock } = this.#parts
    return store.write(async tx => {
      const done = await work(tx)
      const entry = { organisationId: principal.organisation.id, atMs: clock.nowMs(), actor: userActor(principal.user) }
      await tx.audit({ ...entry, action, subject, detail: { ...detail } })
      return done
    })
  }
}

async function requireOwn(
  { webhooks }: Pick<Writer, 'webhooks'> | Store['read'],
  { organisation }: Principal,
  id: string,
) {
  const webhook = await webhooks.webhook(id)
  if (webhook?.organisationId !== organisation.id)
    throw new HandholdError('not-found', 'There is no such webhook. Refresh the list.')
  return webhook
}
