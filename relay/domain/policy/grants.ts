import { type Capability, isAdministration } from '#protocol/policy/capabilities.ts'
import type { Assignment, Group, RoleRule } from './rules.ts'

/** What decided about one capability. Every member names the row that a person would have to change. */
export type Line =
  | { readonly kind: 'assignment'; readonly assignment: Assignment; readonly role: RoleRule; readonly group: Group }
  /** The operator has roles in this group, which is the most specific that says so, and none of them has the capability. */
  | { readonly kind: 'roles-without'; readonly roles: readonly RoleRule[]; readonly group: Group }
  | { readonly kind: 'no-assignment' }

export interface Ruling {
  readonly allowed: boolean
  readonly line: Line
}

export interface GrantInput {
  readonly operatorId: string
  readonly roles: readonly RoleRule[]
  readonly assignments: readonly Assignment[]
  /** From the organisation's root to the device's own group. */
  readonly path: readonly Group[]
}

type Applied = Extract<Line, { kind: 'assignment' }> & { readonly depth: number }

/**
 * Who may connect and what they may do there, as one question: does a role give the operator the capability on this path?
 * A denial anywhere on the path is final. Otherwise the most specific group in which the operator has roles decides with all of them; only
 * administration adds up along the path, so that a narrower role in a group can't take the group away from those who run the whole.
 */
export function ruleGrants(input: GrantInput): (capability: Capability) => Ruling {
  const { denials, grants, nearest } = sides(appliedOf(input))
  const [first] = nearest
  return capability => {
    const names = ({ role }: Applied) => role.capabilities.includes(capability)
    const denial = denials.find(names)
    if (denial) return { allowed: false, line: lineOf(denial) }
    const grant = (isAdministration(capability) ? grants : nearest).find(names)
    if (grant) return { allowed: true, line: lineOf(grant) }
    if (!first) return { allowed: false, line: { kind: 'no-assignment' } }
    const roles = nearest.map(({ role }) => role)
    return { allowed: false, line: { kind: 'roles-without', roles, group: first.group } }
  }
}

/** Whether a role decides for the operator on this path: of the most specific group in which they have roles, and nowhere denied. */
export function holdsRole(input: GrantInput, roleId: string): boolean {
  const { denials, nearest } = sides(appliedOf(input))
  const isIt = ({ role }: Applied) => role.id === roleId
  return nearest.some(isIt) && !denials.some(isIt)
}

function sides(applied: readonly Applied[]) {
  const denials = applied.filter(({ assignment }) => assignment.effect === 'deny')
  const grants = applied.filter(({ assignment }) => assignment.effect === 'allow')
  const deepest = Math.max(-1, ...grants.map(({ depth }) => depth))
  return { denials, grants, nearest: grants.filter(({ depth }) => depth === deepest) }
}

/** The operator's rows on the path, most specific first and then by id: in whichever order they come, the same one is named. */
function appliedOf({ operatorId, roles, assignments, path }: GrantInput): Applied[] {
  const roleById = new Map(roles.map(role => [role.id, role]))
  const places = new Map(path.map((group, depth) => [group.id, { group, depth }]))
  const applied: Applied[] = []
  for (const assignment of assignments) {
    const role = roleById.get(assignment.roleId)
    const place = places.get(assignment.groupId)
    const isTheirs = assignment.userId === operatorId || (assignment.userId === null && assignment.effect === 'deny')
    if (role && place && isTheirs) applied.push({ kind: 'assignment', assignment, role, ...place })
  }
  return applied.sort((one, other) => other.depth - one.depth || (one.assignment.id < other.assignment.id ? -1 : 1))
}

const lineOf = ({ assignment, role, group }: Applied): Line => ({ kind: 'assignment', assignment, role, group })
