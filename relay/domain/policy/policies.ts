import { HandholdError } from '#protocol/errors.ts'
import type { AdministrationCapability } from '#protocol/policy/capabilities.ts'
import type { Principal } from '../principal.ts'
import type { Reader, Store } from '../store.ts'
import { PolicySnapshot } from './snapshot.ts'

/** What the policy of each organisation says now. Kept in memory, and checked against the database's count of changes at every question. */
export class Policies {
  readonly #store: Store
  readonly #known = new Map<string, PolicySnapshot>()

  constructor(store: Store) {
    this.#store = store
  }

  /** `reader` is the transaction of a caller who must not be overtaken by a change; what it sees isn't kept. */
  async of(organisationId: string, reader?: Reader): Promise<PolicySnapshot> {
    const { policy } = reader ?? this.#store.read
    const known = this.#known.get(organisationId)
    if (known && known.rows.version === (await policy.version(organisationId))) return known
    const snapshot = new PolicySnapshot(await policy.rows(organisationId))
    if (!reader) this.#known.set(organisationId, snapshot)
    return snapshot
  }

  /** The groups whose devices the person may see; null means all, so that the question to the database stays short. */
  async reachable(principal: Principal): Promise<readonly string[] | null> {
    const snapshot = await this.of(principal.organisation.id)
    const reachable = snapshot.reachable(principal.user.id)
    return reachable.size === snapshot.rows.groups.length ? null : [...reachable]
  }

  async isReachable(organisationId: string, userId: string, groupId: string): Promise<boolean> {
    return (await this.of(organisationId)).reachable(userId).has(groupId)
  }

  /** Throws `forbidden` unless the person has the right in this group. */
  async require(principal: Principal, capability: AdministrationCapability, groupId: string): Promise<void> {
    const snapshot = await this.of(principal.organisation.id)
    if (!snapshot.grants(principal.user.id, groupId)(capability).allowed) throw mayNot(capability)
  }

  /** Throws `forbidden` for somebody who has the right nowhere; for where it is asked before it is known what for. */
  async requireSomewhere(principal: Principal, capability: AdministrationCapability): Promise<void> {
    const snapshot = await this.of(principal.organisation.id)
    const groups = new Set(snapshot.assignmentsOf(principal.user.id).map(({ groupId }) => groupId))
    for (const groupId of groups) if (snapshot.grants(principal.user.id, groupId)(capability).allowed) return
    throw mayNot(capability)
  }
}

const mayNot = (capability: AdministrationCapability) =>
  new HandholdError('forbidden', `None of your roles has "${capability}" here. Ask an administrator.`)
