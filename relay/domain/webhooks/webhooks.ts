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
import type { DeliveryFilter, DeliveryRecord, FailedDelivery, FailedFilter, WebhookRecord } from './store.ts'

const WEBHOOKS_MAX = 50
const SECRET_BYTES = 32
const OLD_SECRET_MS = 24 * 60 * 60_000
/** Sent anew in one transaction. */
const REPLAYS_MAX = 500

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
      const event = { eventId: newId('webhookEvent', this.#parts.chance), type: 'webhook.ping' }
      return this.#insert(tx, principal, { ...event, webhookId: id, payload: payloadOf('webhook.ping', entry) })
    })
  }

  /** What didn't arrive, of every receiver. Throws `not-found` for a receiver that isn't the organisation's. */
  async failed(principal: Principal, filter: FailedFilter): Promise<FailedDelivery[]> {
    const { read } = this.#parts.store
    if (filter.webhookId !== undefined) await requireOwn(read, principal, filter.webhookId)
    return read.webhooks.failed(principal.organisation.id, filter)
  }

  /** Everything that was given up, or what was for one receiver; a part of it where it is much. Throws `not-found`. */
  async replayFailed(
    principal: Principal,
    webhookId: string | undefined,
  ): Promise<{ replayed: number; isMore: boolean }> {
    const { store, clock } = this.#parts
    const filter = { status: 'dead', webhookId, after: undefined, limit: REPLAYS_MAX } as const
    const known = await this.failed(principal, filter)
    if (known.length === 0) return { replayed: 0, isMore: false }
    return store.write(async tx => {
      const failed = await tx.webhooks.failed(principal.organisation.id, filter)
      const replayed = failed.slice(0, REPLAYS_MAX)
      for (const delivery of replayed.toReversed()) await this.#sendAgain(tx, principal, delivery)
      await tx.audit({
        organisationId: principal.organisation.id,
        atMs: clock.nowMs(),
        actor: userActor(principal.user),
        action: 'webhook.failed-replayed',
        subject: webhookId ?? principal.organisation.id,
        detail: { deliveries: replayed.length },
      })
      return { replayed: replayed.length, isMore: failed.length > REPLAYS_MAX }
    })
  }

  /** The same event once more, under the same id; one that waits for its next try has that now. Throws `not-found`. */
  async replay(principal: Principal, id: string, deliveryId: string): Promise<DeliveryRecord> {
    return this.#change(principal, 'webhook.replayed', id, { deliveryId }, async tx => {
      await requireOwn(tx, principal, id)
      const delivery = await tx.webhooks.delivery(deliveryId)
      if (delivery?.webhookId !== id)
        throw new HandholdError('not-found', 'There is no such delivery. Refresh the list.')
      return this.#sendAgain(tx, principal, delivery)
    })
  }

  async #sendAgain(tx: Writer, principal: Principal, delivery: DeliveryRecord): Promise<DeliveryRecord> {
    const atMs = this.#parts.clock.nowMs()
    if (delivery.status === 'waiting') {
      await tx.webhooks.setNext(delivery.id, atMs)
      return { ...delivery, nextAtMs: atMs }
    }
    if (delivery.status === 'dead') await tx.webhooks.setReplayed(delivery.id, atMs)
    return this.#insert(tx, principal, delivery)
  }

  async #insert(
    tx: Writer,
    { organisation }: Principal,
    { webhookId, eventId, type, payload }: Pick<DeliveryRecord, 'webhookId' | 'eventId' | 'type' | 'payload'>,
  ): Promise<DeliveryRecord> {
    const id = newId('webhookDelivery', this.#parts.chance)
    const createdAtMs = this.#parts.clock.nowMs()
    const organisationId = organisation.id
    await tx.webhooks.insertDelivery({ id, organisationId, webhookId, eventId, type, payload, createdAtMs })
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
