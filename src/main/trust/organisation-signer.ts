import type { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { OrganisationOrder } from '#protocol/trust/strict/organisation-order.ts'
import { wordsOf } from '#protocol/trust/strict/standing.ts'
import { organisationTrustReplySchema } from '#protocol/trust-http.ts'
import type { Auth } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { SecretStore } from '../shell/shell.ts'
import { type SignedIn, signedIn } from './operator-trust.ts'
import { nextOrder, type OrderChange } from './orders.ts'
import { type KeptOrganisationKey, OrganisationKeyFile } from './organisation-key.ts'
import { type SeenOrganisation, seeOrganisation } from './organisation-pin.ts'
import type { SeedKey } from './seed-key.ts'

const RENEW_AFTER_MS = 10 * 24 * 60 * 60_000

/** The key with the newest order of it that this app knows to be out. */
interface Signing {
  readonly who: SignedIn
  readonly keys: z.infer<typeof organisationTrustReplySchema>['keys']
  readonly file: OrganisationKeyFile
  readonly kept: KeptOrganisationKey
  readonly order: OrganisationOrder | null
}

/** Says things in the organisation's name, each with a number after the last. */
export class OrganisationSigner {
  readonly #auth: Pick<Auth, 'state' | 'credentials'>
  readonly #secrets: SecretStore
  readonly #nowMs: () => number

  constructor(auth: Pick<Auth, 'state' | 'credentials'>, secrets: SecretStore, nowMs: () => number) {
    this.#auth = auth
    this.#secrets = secrets
    this.#nowMs = nowMs
  }

  post({ origin, token }: SignedIn, what: 'orders' | 'certificates', body: object): Promise<void> {
    return requestRelay(origin, { method: 'POST', path: `/v1/organisation-trust/${what}`, token, body })
  }

  async look() {
    const who = signedIn(this.#auth)
    const { origin, token } = who
    const path = '/v1/organisation-trust'
    const { orders, keys } = await requestRelay(origin, {
      method: 'GET',
      path,
      token,
      reply: organisationTrustReplySchema,
    })
    const seen = await seeOrganisation(this.#secrets, who, orders, this.#nowMs())
    const file = new OrganisationKeyFile(this.#secrets, who)
    return { who, keys, seen, file, kept: await finishHandOver(file, seen) }
  }

  /** Rejects where this app has no key, or another one than the organisation's. */
  async withKey(): Promise<Signing> {
    const { kept, seen, ...rest } = await this.look()
    if (!kept)
      throw new HandholdError(
        'not-found',
        'The organisation’s key isn’t in this app. Restore it here, or use the app that has it.',
      )
    if (seen.pin && seen.pin.key.x !== kept.key.publicKey.x) throw await notThisKey(kept.key, seen.pin.key)
    // A relay that shows another key's word is nobody to publish anything by.
    if (seen.problem) throw HandholdError.fromWire(seen.problem)
    return { ...rest, kept, order: seen.pin?.order ?? null }
  }

  /** With an order that lasts: each certificate that is made is an occasion to say it anew. */
  async withFreshOrder(): Promise<Signing & { readonly order: OrganisationOrder }> {
    const known = await this.withKey()
    const { order } = known
    if (order && order.issuedAtMs > this.#nowMs() - RENEW_AFTER_MS) return { ...known, order }
    return { ...known, order: await this.say(known, {}) }
  }

  /** The next order, which counts from here on. Its number isn't used twice, whatever becomes of the relay's answer. */
  async say({ who, file, kept, order }: Signing, change: OrderChange): Promise<OrganisationOrder> {
    const nowMs = this.#nowMs()
    const { key: by, sequence: lastSequence } = kept
    const said = await nextOrder({ by, order, lastSequence, organisationId: who.organisationId, nowMs, change })
    await file.write({ ...kept, sequence: said.claims.sequence })
    await this.post(who, 'orders', { order: said.text })
    await seeOrganisation(this.#secrets, who, [said.text], nowMs)
    return said.claims
  }

  /** From here on `next` speaks. It is kept before anybody hears of it: devices follow at once, and nobody else has it. */
  async handOver(known: Signing, next: SeedKey): Promise<OrganisationOrder> {
    const kept = { ...known.kept, next }
    const order = await this.say({ ...known, kept }, { nextKey: next.publicKey })
    await known.file.write({ key: next, sequence: order.sequence, backedUpAtMs: null, next: null })
    return order
  }

  /** A key that comes back from paper or a file. Rejects when it isn't the organisation's. */
  async adopt(key: SeedKey): Promise<void> {
    const { file, seen } = await this.look()
    if (seen.pin && seen.pin.key.x !== key.publicKey.x) throw await notThisKey(key, seen.pin.key)
    await file.write({ key, sequence: 0, backedUpAtMs: this.#nowMs(), next: null })
  }
}

/** The key of this app. A hand-over that was made known, and of which this app didn't hear the end, is done. */
async function finishHandOver(
  file: OrganisationKeyFile,
  { pin }: SeenOrganisation,
): Promise<KeptOrganisationKey | undefined> {
  const kept = await file.read()
  if (!kept?.next || pin?.key.x !== kept.next.publicKey.x) return kept
  const after = { key: kept.next, sequence: kept.sequence, backedUpAtMs: null, next: null }
  await file.write(after)
  return after
}

export async function notThisKey(own: SeedKey, expected: SeedKey['publicKey']): Promise<HandholdError> {
  const [is, was] = await Promise.all([wordsOf(own.publicKey), wordsOf(expected)])
  return new HandholdError(
    'organisation-key-changed',
    `This is another key than the organisation’s. Expected: ${was}. This one: ${is}.`,
  )
}
