import type { Administration } from '#protocol/administration-http.ts'
import { HandholdError } from '#protocol/errors.ts'
import { ADMINISTRATION_CAPABILITIES, type AdministrationCapability } from '#protocol/policy/capabilities.ts'
import type { Principal } from '../principal.ts'
import { SameMoment } from '../same-moment.ts'
import { hasRights } from '../scripts/run-permits.ts'
import type { Reader, Store } from '../store.ts'
import { rootGroupId } from './built-in.ts'
import { PolicySnapshot } from './snapshot.ts'

/** What the policy of each organisation says now. Kept in memory, and checked against the database's count of changes after every commit. */
export class Policies {
  readonly #store: Store
  readonly #known = new Map<string, PolicySnapshot>()
  readonly #now: SameMoment<PolicySnapshot>

  constructor(store: Store) {
    this.#store = store
    this.#now = new SameMoment(store)
  }

  /** `reader` is the transaction of a caller who must not be overtaken by a change; what it sees isn't kept. */
  async of(organisationId: string, reader?: Reader): Promise<PolicySnapshot> {
    if (reader) return this.#ask(organisationId, reader)
    return this.#now.of(organisationId, async () => {
      const snapshot = await this.#ask(organisationId, this.#store.read)
      this.#known.set(organisationId, snapshot)
      return snapshot
    })
  }

  async #ask(organisationId: string, { policy }: Reader): Promise<PolicySnapshot> {
    const known = this.#known.get(organisationId)
    if (known && known.rows.version === (await policy.version(organisationId))) return known
    return new PolicySnapshot(await policy.rows(organisationId))
  }

  /** The groups whose devices the person may see; null means all, so that the question to the database stays short. */
  async reachable(principal: Principal): Promise<readonly string[] | null> {
    const snapshot = await this.of(principal.organisation.id)
    const reachable = snapshot.reachable(principal.user.id)
    return reachable.size === snapshot.rows.groups.length ? null : [...reachable]
  }

  /** The groups in which the person has the right; null means all, so that the question to the database stays short. */
  async groupsWith(
    organisationId: string,
    userId: string,
    capability: AdministrationCapability,
  ): Promise<readonly string[] | null> {
    const snapshot = await this.of(organisationId)
    const { groups } = snapshot.rows
    const has = groups.filter(({ id }) => snapshot.grants(userId, id)(capability).allowed)
    return has.length === groups.length ? null : has.map(({ id }) => id)
  }

  /** Everybody may ask what they may do themselves; about others, who may change the policy of the group. Throws `forbidden` or `not-found`. */
  async requireAskable(principal: Principal, operatorId: string, groupId: string): Promise<void> {
    if (operatorId === principal.user.id) return
    await this.require(principal, 'manage-policy', groupId)
    const members = await this.#store.read.policy.members(principal.organisation.id)
    if (!members.some(({ id }) => id === operatorId))
      throw new HandholdError('not-found', 'There is no such person. Refresh the list of people.')
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
    if (!hasSomewhere(snapshot, principal.user.id, capability)) throw mayNot(capability)
  }

  /** What of the organisation the person runs. The same questions that `require` and the routes ask. */
  async administration({ user, organisation, role }: Principal): Promise<Administration> {
    const snapshot = await this.of(organisation.id)
    const atTop = snapshot.grants(user.id, rootGroupId(organisation.id))
    return {
      administrator: role === 'admin' && atTop('manage-policy').allowed,
      somewhere: ADMINISTRATION_CAPABILITIES.filter(capability => hasSomewhere(snapshot, user.id, capability)),
      everywhere: ADMINISTRATION_CAPABILITIES.filter(capability => atTop(capability).allowed),
      scripts: runsScripts(snapshot, user.id),
    }
  }
}

function hasSomewhere(snapshot: PolicySnapshot, userId: string, capability: AdministrationCapability): boolean {
  return snapshot.groupsOf(userId).some(groupId => snapshot.grants(userId, groupId)(capability).allowed)
}

const runsScripts = (snapshot: PolicySnapshot, userId: string): boolean =>
  snapshot
    .groupsOf(userId)
    .some(groupId =>
      (['shell', 'shell-user'] as const).some(tool => hasRights(snapshot, userId, groupId, { tool, roleId: null })),
    )

const mayNot = (capability: AdministrationCapability) =>
  new HandholdError('forbidden', `None of your roles has "${capability}" here. Ask an administrator.`)
