import type { DeviceStatus } from '#protocol/device-status.ts'
import { HandholdError } from '#protocol/errors.ts'
import { type Ed25519PublicJwk, thumbprintOf } from '#protocol/keys.ts'
import { verifyProof } from '#protocol/proof.ts'
import type { DeviceFactsWire, OrganisationView } from '#protocol/wire/views.ts'
import { deviceActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import { type Devices, nameOf } from '../devices.ts'
import type { Policies } from '../policy/policies.ts'
import type { DeviceRecord, Store, Writer } from '../store.ts'
import { isWithin } from './networks.ts'
import { placeOf } from './place.ts'
import type { EnrolmentTokenRecord } from './store.ts'
import { isUsable } from './tokens.ts'

/** Devices of the same name that an enrolment's audit row names: machines that were set up again. */
const NAMESAKES_MAX = 5

export interface EnrolmentParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly devices: Devices
  readonly denied: DeniedAttempts
  readonly policies: Policies
}

export interface EnrolmentRequest {
  readonly token: string
  readonly key: Ed25519PublicJwk
  readonly proof: string
  readonly facts: DeviceFactsWire
  readonly tenant?: string | undefined
  readonly group?: string | undefined
  /** Where it came from: for the token's networks and the audit. */
  readonly address: string
}

export interface Enrolled {
  readonly deviceId: string
  readonly status: DeviceStatus
  readonly organisation: OrganisationView
}

/** A token that doesn't enrol this device. Everybody else hears the same words; why is in the audit. */
class TokenRefused extends HandholdError {
  readonly why: string

  constructor(why: string) {
    super(
      'enrolment-token-invalid',
      'The enrolment token is unknown, used up or expired, or is not for this device. Ask an administrator for a new one.',
    )
    this.why = why
  }
}

/** How devices become known. */
export class Enrolment {
  readonly #parts: EnrolmentParts

  constructor(parts: EnrolmentParts) {
    this.#parts = parts
  }

  /**
   * Makes the key a device of the token's organisation and takes one use of the token, in one transaction.
   * A key that is enrolled there already keeps its device, as it is, and costs no use, so a device whose answer got lost may ask again: with any token
   * that still has uses, or with the one that it was enrolled by until that expires.
   * Throws `proof-invalid`, or `enrolment-token-invalid` for every token that doesn't enrol it, alike.
   */
  async enrol(request: EnrolmentRequest): Promise<Enrolled> {
    const tokenHash = this.#parts.chance.sha256(request.token)
    const keyThumbprint = await thumbprintOf(request.key)
    try {
      await this.#requireProof(request, tokenHash, keyThumbprint)
      const { isNew, ...enrolled } = await this.#parts.store.write(tx =>
        this.#enrol(tx, request, tokenHash, keyThumbprint),
      )
      if (isNew) this.#parts.devices.announce(enrolled.deviceId)
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

  async #enrol(tx: Writer, request: EnrolmentRequest, tokenHash: string, keyThumbprint: string) {
    const { token, groupId } = await this.#requireToken(tx, request, tokenHash)
    const { organisation } = token
    const known = await tx.deviceByKey(keyThumbprint)
    if (known && known.organisationId !== organisation.id) throw new TokenRefused('key of another organisation')
    if (await tx.enrolment.wasRemoved(keyThumbprint, tokenHash)) throw new TokenRefused('device was removed')
    const isRepeated = known?.enrolmentTokenHash === tokenHash
    if (!isRepeated && !(await tx.enrolment.spendToken(tokenHash, known ? 0 : 1))) throw new TokenRefused('used up')
    if (known) return { deviceId: known.id, status: known.status, organisation, isNew: false }
    const device = await this.#insert(tx, request, token, { groupId, keyThumbprint })
    return { deviceId: device.id, status: device.status, organisation, isNew: true }
  }

  async #requireToken(tx: Writer, { address, tenant, group }: EnrolmentRequest, tokenHash: string) {
    const token = await tx.enrolment.tokenByHash(tokenHash)
    if (!token) throw new TokenRefused('unknown')
    if (!isUsable(token, this.#parts.clock.nowMs()))
      throw new TokenRefused(token.revokedAtMs === null ? 'expired' : 'revoked')
    if (!isWithin(address, token.networks)) throw new TokenRefused('network')
    const { organisation } = token
    if (tenant !== undefined && tenant !== organisation.id && tenant.toLowerCase() !== organisation.name.toLowerCase())
      throw new TokenRefused('tenant')
    const groupId = placeOf(await this.#parts.policies.of(organisation.id, tx), token.groupId, group)
    if (groupId === null) throw new TokenRefused('group')
    return { token, groupId }
  }

  async #insert(
    tx: Writer,
    { key, facts, address }: EnrolmentRequest,
    token: EnrolmentTokenRecord,
    { groupId, keyThumbprint }: { groupId: string; keyThumbprint: string },
  ): Promise<Pick<DeviceRecord, 'id' | 'status'>> {
    const { clock, chance } = this.#parts
    const id = newId('device', chance)
    const atMs = clock.nowMs()
    const organisationId = token.organisation.id
    const status: DeviceStatus = token.approval ? 'pending' : 'active'
    const name = nameOf(facts)
    const namesakes = (await tx.policy.devicesByName(organisationId, name)).slice(0, NAMESAKES_MAX)
    const made = { id, organisationId, name, facts, key, keyThumbprint, groupId, status }
    await tx.insertDevice({ ...made, enrolmentTokenHash: token.tokenHash, enrolledAtMs: atMs })
    const enrolmentTokenId = token.id
    await tx.audit({
      organisationId,
      atMs,
      actor: deviceActor(id),
      action: 'device.enrolled',
      subject: id,
      detail: {
        enrolmentTokenId,
        hostname: facts.hostname,
        address,
        status,
        groupId,
        ...(namesakes.length > 0 && { namesakes }),
      },
    })
    return { id, status }
  }

  async #deny({ address }: EnrolmentRequest, tokenHash: string, error: HandholdError): Promise<void> {
    const token = await this.#parts.store.read.enrolment.tokenByHash(tokenHash)
    this.#parts.denied.record({
      organisationId: token?.organisation.id ?? null,
      actor: { kind: 'stranger', address },
      action: 'device.enrol-denied',
      subject: token?.id ?? 'unknown token',
      detail: { code: error.code, ...(error instanceof TokenRefused && { why: error.why }) },
    })
  }
}
