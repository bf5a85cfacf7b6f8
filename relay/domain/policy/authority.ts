import { CAPABILITIES, type Capability } from '#protocol/policy/capabilities.ts'
import type { PolicySnapshot } from './snapshot.ts'

/**
 * What somebody may hand on in a group: every capability that they have there or further up. A denial for everybody doesn't lessen it, because it
 * says how the group is used and not whom it belongs to; a denial in their own name does.
 */
export function authorityOf(policy: PolicySnapshot, authorId: string, groupId: string): Set<Capability> {
  const path = new Set(policy.path(groupId).map(({ id }) => id))
  const rows = policy.assignmentsOf(authorId).filter(row => path.has(row.groupId))
  const named = (effect: 'allow' | 'deny') =>
    rows.filter(row => row.effect === effect).flatMap(({ roleId }) => policy.role(roleId)?.capabilities ?? [])
  const denied = new Set(named('deny'))
  return new Set(named('allow').filter(capability => !denied.has(capability)))
}

/** Everything that somebody may hand on somewhere. */
export function authorityAnywhere(policy: PolicySnapshot, authorId: string): Set<Capability> {
  const groups = new Set(policy.assignmentsOf(authorId).map(({ groupId }) => groupId))
  return new Set([...groups].flatMap(groupId => [...authorityOf(policy, authorId, groupId)]))
}

/** They run the whole: nothing that they could do needs to be compared. */
export function hasAllAuthority(policy: PolicySnapshot, authorId: string, rootId: string): boolean {
  const own = policy.assignmentsOf(authorId)
  return (
    own.every(({ effect }) => effect === 'allow') && authorityOf(policy, authorId, rootId).size === CAPABILITIES.length
  )
}
