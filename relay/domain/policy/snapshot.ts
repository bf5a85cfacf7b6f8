import { CAPABILITIES, type Capability } from '#protocol/policy/capabilities.ts'
import { type Decision, type DecisionInput, decide } from './decide.ts'
import { type EffectiveSettings, effectiveSettings } from './effective-settings.ts'
import { holdsRole, type Ruling, ruleGrants } from './grants.ts'
import type { Assignment, Group, RoleRule, SettingRow } from './rules.ts'
import type { PolicyRows } from './store.ts'

/** What makes a device appear in somebody's list: they may connect to it or look after it. */
const REACHING: readonly Capability[] = ['view', 'unattended', 'manage-devices']
/** What lets somebody know of a group at all. */
const SHOWING: readonly Capability[] = [...REACHING, 'manage-policy', 'read-audit']

/** An organisation's policy at one moment, arranged for questions. It never changes. */
export class PolicySnapshot {
  readonly rows: PolicyRows
  readonly #groups: ReadonlyMap<string, Group>
  readonly #roles: ReadonlyMap<string, RoleRule>
  readonly #paths = new Map<string, readonly Group[]>()
  readonly #assignments: ReadonlyMap<string | null, readonly Assignment[]>
  readonly #assignmentsByGroup = new Map<string | null, ReadonlyMap<string, readonly Assignment[]>>()
  readonly #settings: ReadonlyMap<string, readonly SettingRow[]>
  readonly #reachable = new Map<string, ReadonlySet<string>>()
  readonly #visible = new Map<string, ReadonlySet<string>>()
  readonly #managed = new Map<string, ReadonlySet<string>>()

  constructor(rows: PolicyRows) {
    this.rows = rows
    this.#groups = new Map(rows.groups.map(group => [group.id, group]))
    this.#roles = new Map(rows.roles.map(role => [role.id, role]))
    const isOn = ({ userId }: Assignment) => userId === null || !rows.disabledIds?.has(userId)
    this.#assignments = Map.groupBy(rows.assignments.filter(isOn), ({ userId }) => userId)
    this.#settings = Map.groupBy(rows.settings, ({ groupId }) => groupId)
  }

  group(id: string): Group | undefined {
    return this.#groups.get(id)
  }

  role(id: string): RoleRule | undefined {
    return this.#roles.get(id)
  }

  /** From the root to the group; empty for a group that isn't here. Throws where the groups form a ring, which no stored policy does. */
  path(groupId: string): readonly Group[] {
    const known = this.#paths.get(groupId)
    if (known) return known
    const path: Group[] = []
    for (let group = this.#groups.get(groupId); group; group = this.#groups.get(group.parentId ?? '')) {
      if (path.length > this.#groups.size) throw new Error('The groups form a ring')
      path.unshift(group)
    }
    this.#paths.set(groupId, path)
    return path
  }

  /** The group as people write it: `/` is the root, `/Branches/Finance` a group two below it. */
  pathText(groupId: string): string {
    const names = this.path(groupId).slice(1)
    return `/${names.map(({ name }) => name).join('/')}`
  }

  decide(operatorId: string, groupId: string, request: DecisionInput['request']): Decision {
    const path = this.path(groupId)
    const settings = path.flatMap(({ id }) => this.#settings.get(id) ?? [])
    return decide({ ...this.#grantInput(operatorId, path), settings, request })
  }

  /** What the groups say about the devices of this one, whoever asks. */
  settings(groupId: string): EffectiveSettings {
    const path = this.path(groupId)
    return effectiveSettings(
      path,
      path.flatMap(({ id }) => this.#settings.get(id) ?? []),
    )
  }

  /** What the roles alone say, whatever the devices' settings. */
  grants(operatorId: string, groupId: string): (capability: Capability) => Ruling {
    return ruleGrants(this.#grantInput(operatorId, this.path(groupId)))
  }

  /** Whether the operator has this very role there. */
  holds(operatorId: string, groupId: string, roleId: string): boolean {
    return holdsRole(this.#grantInput(operatorId, this.path(groupId)), roleId)
  }

  /** The groups in which something was said of the operator: what they have anywhere they have in one of these. */
  groupsOf(operatorId: string): string[] {
    return [...new Set(this.assignmentsOf(operatorId).map(({ groupId }) => groupId))]
  }

  granted(operatorId: string, groupId: string): Capability[] {
    const ruling = this.grants(operatorId, groupId)
    return CAPABILITIES.filter(capability => ruling(capability).allowed)
  }

  /** The groups whose devices the operator may connect to or administers. */
  reachable(operatorId: string): ReadonlySet<string> {
    return this.#groupsWith(operatorId, REACHING, this.#reachable)
  }

  /** The groups whose devices the operator looks after. */
  managed(operatorId: string): ReadonlySet<string> {
    return this.#groupsWith(operatorId, ['manage-devices'], this.#managed)
  }

  /** The groups that the operator may know of. */
  visible(operatorId: string): ReadonlySet<string> {
    return this.#groupsWith(operatorId, SHOWING, this.#visible)
  }

  #groupsWith(operatorId: string, any: readonly Capability[], kept: Map<string, ReadonlySet<string>>) {
    const known = kept.get(operatorId)
    if (known) return known
    const found = new Set<string>()
    for (const { id } of this.#assignments.has(operatorId) ? this.rows.groups : []) {
      const ruling = this.grants(operatorId, id)
      if (any.some(capability => ruling(capability).allowed)) found.add(id)
    }
    kept.set(operatorId, found)
    return found
  }

  assignmentsOf(operatorId: string): readonly Assignment[] {
    return this.#assignments.get(operatorId) ?? []
  }

  #grantInput(operatorId: string, path: readonly Group[]) {
    // Only what can matter is handed on: a list of devices asks this of every group.
    const own = this.#byGroup(operatorId)
    const everybodys = this.#byGroup(null)
    const assignments = path.flatMap(({ id }) => [...(own.get(id) ?? []), ...(everybodys.get(id) ?? [])])
    const roles = new Set(assignments.flatMap(({ roleId }) => this.#roles.get(roleId) ?? []))
    return { operatorId, roles: [...roles], assignments, path }
  }

  #byGroup(userId: string | null): ReadonlyMap<string, readonly Assignment[]> {
    const known = this.#assignmentsByGroup.get(userId)
    if (known) return known
    const byGroup = Map.groupBy(this.#assignments.get(userId) ?? [], ({ groupId }) => groupId)
    this.#assignmentsByGroup.set(userId, byGroup)
    return byGroup
  }
}
