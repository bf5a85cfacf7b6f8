import { toDisplayLine } from '#protocol/text.ts'
import type { Chance } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { Seal } from '../identity/seal.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store.ts'
import { retryDelayMs } from './retry.ts'
import type { DeliveryRecord, WebhookRecord } from './store.ts'

const LOOK_INTERVAL_MS = 1_000
const AT_ONCE = 32
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

  constructor(parts: WebhookSenderParts) {
    this.#parts = parts
  }

  start(): void {
    if (this.#isClosed) return
    this.#looking = this.look()
      .catch(error => this.#parts.log.error({ err: error }, 'Webhooks could not be sent'))
      .finally(() => {
        if (!this.#isClosed) this.#cancelTimer = this.#parts.clock.setTimer(() => this.start(), LOOK_INTERVAL_MS)
      })
  }

  /** Sends everything that is due now. */
  async look(): Promise<void> {
    const { store, clock } = this.#parts
    const due = await store.read.webhooks.due(clock.nowMs(), AT_ONCE)
    await Promise.all(due.map(delivery => this.#send(delivery)))
  }

  /** Waits for what is on its way. Safe to call twice. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelTimer?.()
    await this.#looking
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
