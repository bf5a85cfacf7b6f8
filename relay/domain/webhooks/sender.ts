import { toDisplayLine } from '#protocol/text.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Seal } from '../identity/seal.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'
import { retryDelayMs } from './retry.ts'
import type { DeliveryRecord, Receiver, WebhookRecord } from './store.ts'

const LOOK_INTERVAL_MS = 1_000
/** Under way at once. Who answers slowly delays what is for others neither within an organisation nor in another one. */
const OF_ONE_RECEIVER = 2
const OF_ONE_ORGANISATION = 8
const OF_ALL = 128
export const SECRET_PURPOSE = 'webhook-secret'

/** Resolves with the status of the answer; rejects with why there was none. */
export type PostWebhook = (url: string, headers: Readonly<Record<string, string>>, body: string) => Promise<number>

export interface WebhookSenderParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly seal: Seal
  readonly log: Log
  readonly post: PostWebhook
  /** HMAC-SHA256 as base64. */
  readonly hmac: (key: Uint8Array, text: string) => string
}

/** Sends what waits, again and again until it arrives or three days are over. At least once: a receiver knows a repeat by its id. */
export class WebhookSender {
  readonly #parts: WebhookSenderParts
  #cancelTimer: (() => void) | null = null
  #isClosed = false
  #looking: Promise<void> = Promise.resolve()
  readonly #underWay = new Map<string, Receiver & { readonly done: Promise<void> }>()
  /** Where the last look ended, so that the next one begins behind it. */
  #lastServed = ''

  constructor(parts: WebhookSenderParts) {
    this.#parts = parts
  }

  start(): void {
    if (this.#isClosed) return
    this.#looking = this.#look()
      .catch(error => this.#parts.log.error({ err: error }, 'Webhooks could not be sent'))
      .finally(() => {
        if (!this.#isClosed) this.#cancelTimer = this.#parts.clock.setTimer(() => this.start(), LOOK_INTERVAL_MS)
      })
  }

  /** Waits for what is on its way. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer?.()
    await this.#looking
    await Promise.all([...this.#underWay.values()].map(({ done }) => done))
  }

  async #look(): Promise<void> {
    const { store, clock } = this.#parts
    const receivers = await store.read.webhooks.receiversDue(clock.nowMs())
    // Who came last has had less of what there is for all.
    const next = Math.max(
      0,
      receivers.findIndex(({ webhookId }) => webhookId > this.#lastServed),
    )
    for (const receiver of [...receivers.slice(next), ...receivers.slice(0, next)]) await this.#fill(receiver)
  }

  /** Gives a receiver as much of what is due to it as may be under way. */
  async #fill(receiver: Receiver): Promise<void> {
    const { store, clock } = this.#parts
    if (this.#roomFor(receiver) <= 0) return
    const due = await store.read.webhooks.due(receiver.webhookId, clock.nowMs(), 2 * OF_ONE_RECEIVER)
    const isNew = ({ id }: DeliveryRecord) => !this.#underWay.has(id)
    for (const delivery of due.filter(isNew).slice(0, Math.max(0, this.#roomFor(receiver)))) {
      if (this.#isClosed) return
      this.#lastServed = receiver.webhookId
      this.#underWay.set(delivery.id, { ...receiver, done: this.#begin(delivery, receiver) })
    }
  }

  #roomFor({ webhookId, organisationId }: Receiver): number {
    const all = [...this.#underWay.values()]
    const own = all.filter(sending => sending.webhookId === webhookId).length
    const ofOrganisation = all.filter(sending => sending.organisationId === organisationId).length
    return Math.min(OF_ONE_RECEIVER - own, OF_ONE_ORGANISATION - ofOrganisation, OF_ALL - all.length)
  }

  async #begin(delivery: DeliveryRecord, receiver: Receiver): Promise<void> {
    const { log } = this.#parts
    try {
      await this.#send(delivery).finally(() => this.#underWay.delete(delivery.id))
      // Whoever is quick gets the next at once. Where much is under way, the next look begins with others.
      if (this.#underWay.size < OF_ALL / 2 && !this.#isClosed) await this.#fill(receiver)
    } catch (error) {
      log.error({ err: error }, 'A webhook could not be sent')
    }
  }

  async #send(delivery: DeliveryRecord): Promise<void> {
    const { store, clock, chance, post } = this.#parts
    const webhook = await store.read.webhooks.webhook(delivery.webhookId)
    if (!webhook) return
    const attempts = delivery.attempts + 1
    const nowMs = clock.nowMs()
    const failed = await post(webhook.url, this.#headers(webhook, delivery, nowMs), delivery.payload).then(
      status => ({ status, error: status >= 200 && status < 300 ? null : `The receiver answered ${status}.` }),
      error => ({ status: null, error: toDisplayLine(error instanceof Error ? error.message : String(error), 200) }),
    )
    const random = (chance.randomBytes(1)[0] ?? 0) / 255
    const delayMs = failed.error === null ? null : retryDelayMs(attempts, nowMs - delivery.createdAtMs, random)
    await store.write(tx =>
      tx.webhooks.updateDelivery(delivery.id, {
        status: failed.error === null ? 'delivered' : delayMs === null ? 'dead' : 'waiting',
        attempts,
        nextAtMs: delayMs === null ? null : nowMs + delayMs,
        lastStatus: failed.status,
        lastError: failed.error,
      }),
    )
  }

  #headers(webhook: WebhookRecord, { eventId, payload }: DeliveryRecord, nowMs: number): Record<string, string> {
    const timestamp = String(Math.floor(nowMs / 1000))
    const isOldGood = webhook.sealedOldSecret !== null && (webhook.oldSecretUntilMs ?? 0) > nowMs
    const secrets = [webhook.sealedSecret, ...(isOldGood ? [webhook.sealedOldSecret ?? ''] : [])]
    const signed = secrets.map(sealed => {
      const secret = this.#parts.seal.open(sealed, SECRET_PURPOSE)
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
      return `v1,${this.#parts.hmac(key, `${eventId}.${timestamp}.${payload}`)}`
    })
    return {
      'content-type': 'application/json',
      'webhook-id': eventId,
      'webhook-timestamp': timestamp,
      'webhook-signature': signed.join(' '),
    }
  }
}
