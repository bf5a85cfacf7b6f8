import type { EnrolmentTokenBody, EnrolmentTokenView } from '#protocol/enrolment-http.ts'
import { HandholdError } from '#protocol/errors.ts'
import { actorText } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import { rootGroupId } from '../policy/built-in.ts'
import type { Author } from '../policy/changes.ts'
import type { Policies } from '../policy/policies.ts'
import type { PolicySnapshot } from '../policy/snapshot.ts'
import type { Store, Writer } from '../store.ts'
import { actorOf, organisationOf, requireManager } from './rights.ts'
import type { EnrolmentTokenRecord } from './store.ts'

const TOKEN_BYTES = 32
const NO_DEVICES = { pending: 0, active: 0, quarantined: 0, removed: 0 }

export interface EnrolmentTokensParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly policies: Policies
  /** Ends what these quarantined devices still have. */
  readonly cutOff: (deviceIds: readonly string[]) => Promise<void>
}

/** The tokens that enrol devices. A token belongs to whoever manages the devices of its group. The database holds its hash only. */
export class EnrolmentTokens {
  readonly #parts: EnrolmentTokensParts

  constructor(parts: EnrolmentTokensParts) {
    this.#parts = parts
  }

  /** A new token; its text is in this answer and nowhere else. Throws `not-found` or `forbidden` for its group. */
  async create(author: Author, { expiresInS, ...wish }: EnrolmentTokenBody) {
    const { store, clock, chance, policies } = this.#parts
    const token = `hhe_${chance.randomText(TOKEN_BYTES)}`
    const id = newId('enrolmentToken', chance)
    const atMs = clock.nowMs()
    const expiresAtMs = atMs + expiresInS * 1000
    const organisationId = organisationOf(author)
    const groupId = wish.groupId ?? rootGroupId(organisationId)
    const createdBy = author.kind === 'person' ? author.principal.user.id : actorText(author.actor)
    await store.write(async tx => {
      requireManager(await policies.of(organisationId, tx), author, groupId)
      const tokenHash = chance.sha256(token)
      const times = { createdAtMs: atMs, expiresAtMs }
      await tx.enrolment.insertToken({ ...wish, ...times, id, organisationId, groupId, tokenHash, createdBy })
      await tx.audit({
        organisationId,
        atMs,
        actor: actorOf(author),
        action: 'enrolment-token.created',
        subject: id,
        detail: { ...wish, groupId, expiresAtMs },
      })
    })
    return { id, token, expiresAtMs }
  }

  async list(author: Author): Promise<EnrolmentTokenView[]> {
    const { store, clock, policies } = this.#parts
    const organisationId = organisationOf(author)
    const policy = await policies.of(organisationId)
    const counts = await store.read.enrolment.deviceCounts(organisationId)
    const tokens = await store.read.enrolment.tokens(organisationId)
    return tokens
      .filter(token => isManager(policy, author, token))
      .map(token => viewOf(token, policy, counts.get(token.tokenHash) ?? NO_DEVICES, clock.nowMs()))
  }

  /** The token is worth nothing any more, and each device that it enrolled is quarantined: cut off when this resolves. Throws `not-found`. */
  async revoke(author: Author, tokenId: string): Promise<{ quarantined: number }> {
    const deviceIds = await this.#parts.store.write(tx => this.#revoke(tx, author, tokenId))
    await this.#parts.cutOff(deviceIds)
    return { quarantined: deviceIds.length }
  }

  async #revoke(tx: Writer, author: Author, tokenId: string): Promise<string[]> {
    const organisationId = organisationOf(author)
    const token = await tx.enrolment.token(tokenId)
    const policy = await this.#parts.policies.of(organisationId, tx)
    if (token?.organisation.id !== organisationId || !isManager(policy, author, token)) throw notFound()
    const atMs = this.#parts.clock.nowMs()
    if (!(await tx.enrolment.revokeToken(tokenId, atMs)))
      throw new HandholdError('not-found', 'The token was revoked before.')
    const devices = (await tx.enrolment.devicesOfToken(token.tokenHash)).filter(
      ({ status }) => status !== 'quarantined',
    )
    const entry = { organisationId, atMs, actor: actorOf(author) }
    const detail = { quarantined: devices.length }
    await tx.audit({ ...entry, action: 'enrolment-token.revoked', subject: tokenId, detail })
    for (const { id, status } of devices) {
      await tx.enrolment.setStatus(id, 'quarantined', 'token-revoked', atMs)
      const why = { reason: 'token-revoked', was: status, enrolmentTokenId: tokenId }
      await tx.audit({ ...entry, action: 'device.quarantined', subject: id, detail: why })
    }
    return devices.map(({ id }) => id)
  }
}

/** Whether a device could be enrolled by it now, as far as the token itself says. */
export const isUsable = (token: EnrolmentTokenRecord, nowMs: number): boolean =>
  token.revokedAtMs === null && token.expiresAtMs > nowMs

/** Tokens of a group that is gone are the root's. */
function isManager(policy: PolicySnapshot, author: Author, { groupId, organisation }: EnrolmentTokenRecord): boolean {
  if (author.kind === 'console') return true
  const place = policy.group(groupId) ? groupId : rootGroupId(organisation.id)
  return policy.grants(author.principal.user.id, place)('manage-devices').allowed
}

function viewOf(
  token: EnrolmentTokenRecord,
  policy: PolicySnapshot,
  devices: EnrolmentTokenView['devices'],
  nowMs: number,
): EnrolmentTokenView {
  const { organisation: _, tokenHash: __, networks, ...rest } = token
  const group = policy.group(token.groupId)
  return {
    ...rest,
    networks: [...networks],
    groupPath: group ? policy.pathText(token.groupId) : null,
    usable: group !== undefined && isUsable(token, nowMs) && token.usesLeft > 0,
    devices,
  }
}

const notFound = () => new HandholdError('not-found', 'There is no such enrolment token. Refresh the list.')
