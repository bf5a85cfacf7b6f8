import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { verifyProof } from '#protocol/proof.ts'
import type { DeviceFactsWire, OrganisationView } from '#protocol/wire/views.ts'
import { deviceActor, userActor } from './audit.ts'
import { type Chance, newId } from './chance.ts'
import type { Clock } from './clock.ts'
import type { DeniedAttempts } from './denied-attempts.ts'
import { type Devices, nameOf } from './devices.ts'
import { rootGroupId } from './policy/built-in.ts'
import type { Principal } from './principal.ts'
import type { Store } from './store.ts'

const TOKEN_BYTES = 32

export interface EnrolmentParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly devices: Devices
  readonly denied: DeniedAttempts
}

export interface EnrolmentRequest {
  readonly token: string
  readonly key: Ed25519PublicJwk
  readonly proof: string
  readonly facts: DeviceFactsWire
  /** Where it came from, for the audit. */
  readonly address: string
}

/** How devices become known. The database holds a token's hash only. */
export class Enrolment {
  readonly #parts: EnrolmentParts

  constructor(parts: EnrolmentParts) {
    this.#parts = parts
  }

  /** A new token; its text is in this answer and nowhere else. */
  async mint(principal: Principal, maxUses: number, expiresInS: number) {
    const { store, clock, chance } = this.#parts
    const token = `hhe_${chance.randomText(TOKEN_BYTES)}`
    const id = newId('enrolmentToken', chance)
    const atMs = clock.nowMs()
    const expiresAtMs = atMs + expiresInS * 1000
    await store.write(async tx => {
      await tx.insertEnrolmentToken({
        id,
        organisationId: principal.organisation.id,
        tokenHash: chance.sha256(token),
        usesLeft: maxUses,
        expiresAtMs,
        createdBy: principal.user.id,
      })
      await tx.audit({
        organisationId: principal.organisation.id,
        atMs,
        actor: userActor(principal.user),
        action: 'enrolment-token.created',
        subject: id,
        detail: { maxUses, expiresAtMs },
      })
    })
    return { id, token, expiresAtMs }
  }

  /**
   * Makes the key a device of the token's organisation and takes one use of the token, in one transaction.
   * A key that is enrolled there already keeps its device and costs no use, so a device whose answer got lost may ask again: with any token that
   * still has uses, or with the one that it was enrolled by until that expires.
   * Throws `proof-invalid`, or `enrolment-token-invalid` for an unknown, spent or expired token alike.
   */
  async enrol(request: EnrolmentRequest): Promise<{ deviceId: string; organisation: OrganisationView }> {
    const tokenHash = this.#parts.chance.sha256(request.token)
    const keyThumbprint = await thumbprintOf(request.key)
    try {
      await this.#requireProof(request, tokenHash, keyThumbprint)
      const enrolled = await this.#enrol(request, tokenHash, keyThumbprint)
      if (enrolled.isNew) this.#parts.devices.announce(enrolled.deviceId)
      return enrolled
    } catch (thrown) {
      if (thrown instanceof HandholdError) await this.#deny(request, tokenHash, thrown)
      throw thrown
    }
  }

  async #requireProof({ key, proof }: EnrolmentRequest, tokenHash: string, keyThumbprint: string): Promise<void> {
    const claims = await verifyProof('enrol', proof, keyThumbprint)
    if (claims.tokenHash !== tokenHash || claims.key.x !== key.x)
      throw new HandholdError('proof-invalid', 'The proof was made for another enrolment token or key.')
  }

  #enrol({ key, facts, address }: EnrolmentRequest, tokenHash: string, keyThumbprint: string) {
    const { store, clock, chance } = this.#parts
    return store.write(async tx => {
      const atMs = clock.nowMs()
      const token = await tx.enrolmentToken(tokenHash, atMs)
      if (!token) throw tokenInvalid()
      const { organisation } = token
      const known = await tx.deviceByKey(keyThumbprint)
      if (known && known.organisationId !== organisation.id) throw tokenInvalid()
      if (known?.enrolmentTokenHash === tokenHash) return { deviceId: known.id, organisation, isNew: false }
      if (!(await tx.spendEnrolmentToken(tokenHash, known ? 0 : 1))) throw tokenInvalid()
      if (known) return { deviceId: known.id, organisation, isNew: false }
      const deviceId = newId('device', chance)
      await tx.insertDevice({
        id: deviceId,
        organisationId: organisation.id,
        name: nameOf(facts),
        facts,
        key,
        keyThumbprint,
        enrolmentTokenHash: tokenHash,
        enrolledAtMs: atMs,
        groupId: rootGroupId(organisation.id),
      })
      await tx.audit({
        organisationId: organisation.id,
        atMs,
        actor: deviceActor(deviceId),
        action: 'device.enrolled',
        subject: deviceId,
        detail: { enrolmentTokenId: token.id, hostname: facts.hostname, address },
      })
      return { deviceId, organisation, isNew: true }
    })
  }

  async #deny({ address }: EnrolmentRequest, tokenHash: string, error: HandholdError): Promise<void> {
    const token = await this.#parts.store.read.enrolmentToken(tokenHash, this.#parts.clock.nowMs())
    this.#parts.denied.record({
      organisationId: token?.organisation.id ?? null,
      actor: { kind: 'stranger', address },
      action: 'device.enrol-denied',
      subject: token?.id ?? 'unknown token',
      detail: { code: error.code },
    })
  }
}

const tokenInvalid = () =>
  new HandholdError(
    'enrolment-token-invalid',
    'The enrolment token is unknown, used up or expired. Ask an administrator for a new one.',
  )
