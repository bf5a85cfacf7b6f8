import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { enrolBodySchema, enrolReplySchema } from '#protocol/enrolment-http.ts'
import { HandholdError } from '#protocol/errors.ts'
import { refusalOf } from '#protocol/problem.ts'
import { reconnectDelayMs } from '#protocol/reconnect.ts'
import type { DeviceFactsWire } from '#protocol/wire/views.ts'
import { postJson } from '../http-client.ts'
import type { Enrolment, Identity } from '../state/identity.ts'

export interface EnrolmentOptions {
  readonly relayUrl: string
  readonly token: string
  /** The only way to the relay, where one is configured. */
  readonly proxy?: string | undefined
  readonly tenant: string | undefined
  readonly group: string | undefined
  readonly identity: Identity
  readonly facts: DeviceFactsWire
  readonly random: () => number
  readonly signal: AbortSignal
  /** What the organisation's key said, before the enrolment counts. */
  readonly onOrders: (orders: readonly string[]) => Promise<void>
  /** A try failed for a reason that may pass; the next one comes after `delayMs`. */
  readonly onRetry: (error: Error, delayMs: number) => void
}

/**
 * Makes this device known to the relay. Tries again, with full jitter, while the relay can't be reached or is too busy;
 * rejects with the relay's refusal, or with the signal's reason.
 */
export async function enrol(options: EnrolmentOptions): Promise<Enrolment> {
  const { identity, token } = options
  const tokenHash = createHash('sha256').update(token).digest('base64url')
  const proof = await identity.sign('enrol', { tokenHash, key: identity.publicKey })
  const body = enrolBodySchema.parse({
    token,
    key: identity.publicKey,
    proof,
    facts: options.facts,
    ...(options.tenant !== undefined && { tenant: options.tenant }),
    ...(options.group !== undefined && { group: options.group }),
  })
  for (let failedTries = 0; ; failedTries++) {
    try {
      return await tryEnrol(options, body)
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      if (options.signal.aborted || !isPassing(error)) throw error
      const delayMs = reconnectDelayMs({ failedTries, random: options.random() })
      options.onRetry(error, delayMs)
      await delay(delayMs, undefined, { signal: options.signal })
    }
  }
}

async function tryEnrol({ relayUrl, proxy, signal, onOrders }: EnrolmentOptions, body: object): Promise<Enrolment> {
  const reply = await postJson(new URL('/v1/enrol', relayUrl), body, signal, proxy)
  if (reply.status >= 200 && reply.status < 300) {
    const { deviceId, organisation, passKeys, organisationOrders } = enrolReplySchema.parse(reply.body)
    await onOrders(organisationOrders)
    return { deviceId, organisation, passKeys }
  }
  const refusal = refusalOf(reply.body)
  if (reply.status >= 500 || !refusal) throw unreachable(`The relay answered ${reply.status}.`)
  throw refusal
}

function isPassing(error: Error): boolean {
  return error instanceof HandholdError && ['relay-unreachable', 'rate-limited', 'timeout'].includes(error.code)
}

const unreachable = (message: string) => new HandholdError('relay-unreachable', message)
