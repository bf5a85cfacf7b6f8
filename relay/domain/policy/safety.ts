import { HandholdError } from '#protocol/errors.ts'
import type { Capability } from '#protocol/policy/capabilities.ts'
import type { UserView } from '#protocol/wire/views.ts'
import { authorityOf, hasAllAuthority } from './authority.ts'
import { ADMINISTRATOR_ROLE } from './built-in.ts'
import type { PolicySnapshot } from './snapshot.ts'

const GROUPS_MAX = 5_000
const DEPTH_MAX = 16
const ROLES_MAX = 500
const ASSIGNMENTS_MAX = 50_000

/** The tree is one, and everything has a size that each decision can afford. Throws `group-cycle` or `policy-invalid`. */
export function requireSoundTree(policy: PolicySnapshot): void {
  const { groups, roles, assignments } = policy.rows
  if (groups.length > GROUPS_MAX || roles.length > ROLES_MAX || assignments.length > ASSIGNMENTS_MAX)
    throw new HandholdError(
      'policy-invalid',
      `An organisation has at most ${GROUPS_MAX} groups, ${ROLES_MAX} roles and ${ASSIGNMENTS_MAX} assignments.`,
    )
  const parents = new Map(groups.map(({ id, parentId }) => [id, parentId]))
  for (const group of groups) {
    let depth = 0
    for (let id: string | null | undefined = group.id; id; id = parents.get(id))
      if (++depth > groups.length) throw cycle(group.name)
    if (depth > DEPTH_MAX)
      throw new HandholdError('policy-invalid', `Groups go at most ${DEPTH_MAX} deep; "${group.name}" would be deeper.`)
  }
}

export const cycle = (name: string) =>
  new HandholdError('group-cycle', `The group "${name}" would be beneath itself. Choose another place for it.`)

/** At the root somebody is an administrator, and in no group has everybody lost the right to change it. Throws `last-administrator`. */
export function requireAdministrators(policy: PolicySnapshot, rootId: string, memberIds: readonly string[]): void {
  const manages = (userId: string, groupId: string) => policy.grants(userId, groupId)('manage-policy').allowed
  const isAdministrator = (userId: string) =>
    policy
      .assignmentsOf(userId)
      .some(row => row.roleId === ADMINISTRATOR_ROLE && row.groupId === rootId && row.effect === 'allow')
  const administrators = memberIds.filter(userId => isAdministrator(userId) && manages(userId, rootId))
  if (administrators.length === 0)
    throw new HandholdError(
      'last-administrator',
      'This would leave the organisation without an administrator. Name another one first.',
    )
  // Those who run the whole first: with them the answer is nearly always found at once.
  const candidates = new Set([...administrators, ...memberIds])
  const lost = policy.rows.groups.find(({ id }) => ![...candidates].some(userId => manages(userId, id)))
  if (lost)
    throw new HandholdError(
      'last-administrator',
      `This would leave nobody who may change the group ${policy.pathText(lost.id)}.`,
    )
}

/** Nobody gains by the change what its author couldn't give. Throws `role-exceeds-author` and names who, what and where. */
export function requireWithinAuthority(
  before: PolicySnapshot,
  after: PolicySnapshot,
  authorId: string,
  rootId: string,
  members: readonly Pick<UserView, 'id' | 'email'>[],
): void {
  if (hasAllAuthority(before, authorId, rootId)) return
  for (const { id } of after.rows.groups) {
    // A group that is new was its nearest known ancestor's ground until now.
    const placeBefore = after.path(id).findLast(group => before.group(group.id))?.id ?? rootId
    const authority = authorityOf(before, authorId, before.group(id) ? id : placeBefore)
    for (const member of members) {
      const had = new Set(before.granted(member.id, before.group(id) ? id : placeBefore))
      const gained = after.granted(member.id, id).find(capability => !had.has(capability) && !authority.has(capability))
      if (gained) throw exceeds(gained, after.pathText(id), member.email)
    }
  }
}

/** `who` would get `capability` in `place`, a group's path or a role, by an author who can't give it. */
export class ExceedsAuthor extends HandholdError {
  readonly capability: Capability
  readonly place: string
  readonly who: string | undefined

  constructor(capability: Capability, place: string, who?: string) {
    super('role-exceeds-author', `You can't give "${capability}" in ${place}: you don't have it there yourself.`)
    this.capability = capability
    this.place = place
    this.who = who
  }
}

export const exceeds = (capability: Capability, place: string, who?: string) =>
  new ExceedsAuthor(capability, place, who)
