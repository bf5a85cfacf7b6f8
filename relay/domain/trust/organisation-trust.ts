import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { verifyProof } from '#protocol/proof.ts'
import { type RunVouched, verifyRunCertificate } from '#protocol/scripts/run-certificate.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import {
  type ChainExpectation,
  type OperatorChain,
  verifyCertificate,
  verifyOperatorChain,
} from '#protocol/trust/strict/operator-chain.ts'
import { ORGANISATION_ORDER } from '#protocol/trust/strict/organisation-order.ts'
import { firstStanding, follow, isStrict, type Standing } from '#protocol/trust/strict/standing.ts'
import { OPERATOR_KEYS_MAX } from '#protocol/trust-http.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Principal } from '../principal.ts'
import type { Reader, Store } from '../store.ts'

export interface OrganisationTrustParts {
  readonly store: Store
  readonly clock: Clock
  readonly agents: AgentGateway
}

/**
 * Keeps and hands out what organisations' keys signed. It makes none of it, and devices check each word themselves: what is checked here keeps mistakes of
 * honest people out and says early what a device would say.
 */
export class OrganisationTrust {
  readonly #parts: OrganisationTrustParts

  constructor(parts: OrganisationTrustParts) {
    this.#parts = parts
  }

  orders(organisationId: string): Promise<string[]> {
    return this.#parts.store.read.trust.orders(organisationId)
  }

  async own({ user, organisation }: Principal) {
    const { trust } = this.#parts.store.read
    return { orders: await trust.orders(organisation.id), keys: await trust.keysOf(user.id) }
  }

  async all({ organisation }: Principal) {
    const { trust } = this.#parts.store.read
    return { orders: await trust.orders(organisation.id), keys: await trust.keysOfOrganisation(organisation.id) }
  }

  /** Makes the key of a person's app known; it is worth nothing until it is certified. Throws `proof-invalid` for a key that isn't theirs. */
  async register(
    { user, organisation }: Principal,
    { key, proof, computer }: { key: Ed25519PublicJwk; proof: string; computer: string },
  ): Promise<void> {
    const { store, clock } = this.#parts
    const thumbprint = await thumbprintOf(key)
    const claims = await verifyProof('operatorKey', proof, thumbprint)
    if (claims.operatorId !== user.id || claims.organisationId !== organisation.id)
      throw new HandholdError('proof-invalid', 'The proof of the key was made for somebody else.')
    const atMs = clock.nowMs()
    await store.write(async tx => {
      const isNew = await tx.trust.insertKey({ userId: user.id, thumbprint, key, computer, atMs }, OPERATOR_KEYS_MAX)
      if (!isNew) return
      const entry = { organisationId: organisation.id, atMs, actor: userActor(user), subject: user.id }
      await tx.audit({ ...entry, action: 'operator-key.registered', detail: { thumbprint, computer } })
    })
  }

  /**
   * The organisation's next order, for every device of it. Throws `organisation-key-changed` for another key's, `organisation-order-stale` for an old one,
   * and `signature-invalid`.
   */
  async publish({ user, organisation }: Principal, order: string): Promise<void> {
    const { store, clock, agents } = this.#parts
    const { claims, thumbprint } = await readStatement(ORGANISATION_ORDER, order)
    if (claims.organisationId !== organisation.id)
      throw new HandholdError('organisation-key-changed', 'The order is for another organisation.')
    await store.write(async tx => {
      const standing = await standingOf(tx, organisation.id)
      if (standing) await follow(standing, order)
      const { sequence, strict, nextKey, revoked, validUntilMs } = claims
      const atMs = clock.nowMs()
      const isHandOver = nextKey !== null
      await tx.trust.insertOrder({ organisationId: organisation.id, sequence, statement: order, isHandOver, atMs })
      await tx.audit({
        organisationId: organisation.id,
        atMs,
        actor: userActor(user),
        action: 'trust.order',
        subject: organisation.id,
        detail: { sequence, strict, isHandOver, revoked: revoked.map(([id]) => id), validUntilMs, key: thumbprint },
      })
    })
    for (const deviceId of await store.read.trust.deviceIds(organisation.id))
      if (agents.isOnline(deviceId)) agents.notify(deviceId, { type: 'organisation.order', order })
  }

  /** Keeps a certificate for the app that it was made for. Throws what makes it worthless at a device, and `not-found` for an unknown key. */
  async certify({ user, organisation }: Principal, text: string): Promise<void> {
    const { store, clock } = this.#parts
    await store.write(async tx => {
      const standing = await standingOf(tx, organisation.id)
      if (!standing) throw new HandholdError('not-found', 'This organisation has no key yet.')
      const { claims } = await verifyCertificate(text, standing, clock.nowMs())
      const thumbprint = await thumbprintOf(claims.key)
      const operatorId = claims.operator.id
      if (!(await tx.trust.ownerOf(organisation.id, thumbprint, operatorId)))
        throw new HandholdError('not-found', 'Nobody of this organisation has an app with this key.')
      await tx.trust.setCertificate(operatorId, thumbprint, text)
      await tx.audit({
        organisationId: organisation.id,
        atMs: clock.nowMs(),
        actor: userActor(user),
        action: 'certificate.kept',
        subject: operatorId,
        detail: { thumbprint, expiresAtMs: claims.expiresAtMs, scopes: claims.scopes, unattended: claims.unattended },
      })
    })
  }

  /** For an organisation that has lost its key: the relay hands nothing on any more. Devices go on expecting the lost key until each of them forgets it. */
  async forget({ user, organisation }: Principal): Promise<void> {
    const { store, clock } = this.#parts
    const entry = { organisationId: organisation.id, atMs: clock.nowMs(), actor: userActor(user) }
    await store.write(async tx => {
      await tx.trust.forget(organisation.id)
      await tx.audit({ ...entry, action: 'trust.forgotten', subject: organisation.id, detail: {} })
    })
  }

  /** As `requireCertified`, for an order of a script. */
  async requireCertifiedRun(certificate: string | undefined, expected: RunVouched): Promise<void> {
    const { store, clock } = this.#parts
    const standing = await standingOf(store.read, expected.organisationId)
    if (standing && isStrict(standing)) await verifyRunCertificate(certificate, standing, expected, clock.nowMs())
  }

  /** Says what a device of a strict organisation would say, before it is asked. */
  async requireCertified(chain: OperatorChain | undefined, expected: ChainExpectation): Promise<void> {
    const { store, clock } = this.#parts
    const standing = await standingOf(store.read, expected.organisationId)
    if (standing && isStrict(standing)) await verifyOperatorChain(chain, standing, expected, clock.nowMs())
  }
}

async function standingOf({ trust }: Pick<Reader, 'trust'>, organisationId: string): Promise<Standing | undefined> {
  let standing: Standing | undefined
  for (const order of await trust.orders(organisationId))
    standing = standing ? await follow(standing, order) : await firstStanding(order)
  return standing
}
