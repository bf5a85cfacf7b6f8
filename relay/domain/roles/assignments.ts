import { HandholdError } from '#protocol/errors.ts'
import type { AssignmentView } from '#protocol/policy/http.ts'
import { type Chance, newId } from '../chance.ts'
import type { PolicyChanges } from '../policy/changes.ts'
import type { Policies } from '../policy/policies.ts'
import type { Assignment } from '../policy/rules.ts'
import type { Principal } from '../principal.ts'
import { roleNotFound } from './roles.ts'

export interface AssignmentsParts {
  readonly chance: Chance
  readonly policies: Policies
  readonly changes: PolicyChanges
}

type AssignmentWish = Omit<Assignment, 'id'>

/** Who has which role in which group. */
export class Assignments {
  readonly #parts: AssignmentsParts

  constructor(parts: AssignmentsParts) {
    this.#parts = parts
  }

  /** Those of the groups in which the person may change them. */
  async list(principal: Principal): Promise<AssignmentView[]> {
    const policy = await this.#parts.policies.of(principal.organisation.id)
    const mayChange = new Map<string, boolean>()
    const isTheirs = ({ groupId }: Assignment) => {
      const known = mayChange.get(groupId) ?? policy.grants(principal.user.id, groupId)('manage-policy').allowed
      mayChange.set(groupId, known)
      return known
    }
    return policy.rows.assignments.filter(isTheirs)
  }

  /** Throws `name-taken` when it is there already, `not-found` for a person or role of nowhere, `bad-request` for allowing everybody. */
  add(principal: Principal, wish: AssignmentWish): Promise<{ id: string }> {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      change.requireGroup(wish.groupId)
      if (!change.before.role(wish.roleId)) throw roleNotFound()
      const members = await change.tx.policy.members(change.organisationId)
      if (wish.userId !== null && !members.some(({ id }) => id === wish.userId)) throw personNotFound()
      if (wish.userId === null && wish.effect === 'allow') throw everybody()
      if (change.before.rows.assignments.some(row => isSame(row, wish)))
        throw new HandholdError('name-taken', 'They have this role here already.')
      const id = newId('assignment', this.#parts.chance)
      await change.tx.policy.insertAssignment(change.organisationId, { id, ...wish })
      change.note({ action: 'assignment.added', subject: id, detail: { ...wish } })
      return { id }
    })
  }

  /** Throws `last-administrator` for the last one who may administer. */
  remove(principal: Principal, assignmentId: string): Promise<void> {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      const assignment = change.before.rows.assignments.find(({ id }) => id === assignmentId)
      if (!assignment) throw new HandholdError('not-found', 'There is no such assignment. Refresh the list.')
      change.requireGroup(assignment.groupId)
      await change.tx.policy.deleteAssignment(assignmentId)
      const { id: _, ...detail } = assignment
      change.note({ action: 'assignment.removed', subject: assignmentId, detail })
    })
  }
}

const isSame = (one: AssignmentWish, other: AssignmentWish): boolean =>
  one.userId === other.userId &&
  one.roleId === other.roleId &&
  one.groupId === other.groupId &&
  one.effect === other.effect

const everybody = () =>
  new HandholdError('bad-request', 'A role can be denied to everybody, but given to persons only.')

const personNotFound = () => new HandholdError('not-found', 'There is no such person. Refresh the list of people.')
