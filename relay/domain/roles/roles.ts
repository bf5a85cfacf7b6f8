import { HandholdError } from '#protocol/errors.ts'
import type { Capability } from '#protocol/policy/capabilities.ts'
import type { RoleView } from '#protocol/policy/http.ts'
import { type Chance, newId } from '../chance.ts'
import { isBuiltIn } from '../policy/built-in.ts'
import type { Change, PolicyChanges } from '../policy/changes.ts'
import type { Policies } from '../policy/policies.ts'
import type { RoleRule } from '../policy/rules.ts'
import { exceeds } from '../policy/safety.ts'
import type { Principal } from '../principal.ts'

export interface RolesParts {
  readonly chance: Chance
  readonly policies: Policies
  readonly changes: PolicyChanges
}

interface RoleWish {
  readonly name: string
  readonly capabilities: readonly Capability[]
}

/** The roles of an organisation. They are the whole organisation's, so changing them takes the right at its root. */
export class Roles {
  readonly #parts: RolesParts

  constructor(parts: RolesParts) {
    this.#parts = parts
  }

  async list(principal: Principal): Promise<RoleView[]> {
    const { rows } = await this.#parts.policies.of(principal.organisation.id)
    return rows.roles.map(({ id, name, capabilities }) => ({
      id,
      name,
      capabilities: [...capabilities],
      builtIn: isBuiltIn(id),
    }))
  }

  /** Throws `name-taken` or `role-exceeds-author`. */
  create(principal: Principal, wish: RoleWish): Promise<{ id: string }> {
    return this.#change(principal, async change => {
      const role = { id: newId('role', this.#parts.chance), ...wish }
      requireFreeName(change, role)
      requireOwn(change, wish.capabilities)
      await change.tx.policy.insertRole(change.organisationId, role)
      change.note({ action: 'role.created', subject: role.id, detail: { ...wish } })
      return { id: role.id }
    })
  }

  /** Throws `role-built-in`, `name-taken` or `role-exceeds-author`. */
  update(principal: Principal, roleId: string, wish: RoleWish): Promise<void> {
    return this.#change(principal, async change => {
      const role = requireOwnMade(change, roleId)
      requireFreeName(change, { ...wish, id: roleId })
      const added = wish.capabilities.filter(capability => !role.capabilities.includes(capability))
      requireOwn(change, added)
      await change.tx.policy.updateRole(change.organisationId, { id: roleId, ...wish })
      const before = { name: role.name, capabilities: role.capabilities }
      change.note({ action: 'role.changed', subject: roleId, detail: { ...wish, before } })
    })
  }

  /** With it go its assignments, denials included. Throws `role-built-in`. */
  remove(principal: Principal, roleId: string): Promise<void> {
    return this.#change(principal, async change => {
      const { name, capabilities } = requireOwnMade(change, roleId)
      const assignments = change.before.rows.assignments.filter(row => row.roleId === roleId)
      await change.tx.policy.deleteRole(change.organisationId, roleId)
      change.note({ action: 'role.deleted', subject: roleId, detail: { name, capabilities, assignments } })
    })
  }

  #change<T>(principal: Principal, work: (change: Change) => Promise<T>): Promise<T> {
    return this.#parts.changes.apply({ kind: 'person', principal }, async change => {
      change.requireGroup(change.rootId)
      return work(change)
    })
  }
}

function requireOwnMade({ before }: Change, roleId: string): RoleRule {
  const role = before.role(roleId)
  if (!role) throw roleNotFound()
  if (isBuiltIn(roleId))
    throw new HandholdError('role-built-in', `The role "${role.name}" stays as it is. Make another one.`)
  return role
}

function requireFreeName({ before }: Change, { id, name }: { id: string; name: string }): void {
  if (before.rows.roles.some(role => role.name === name && role.id !== id))
    throw new HandholdError('name-taken', `There is a role "${name}" already. Choose another name.`)
}

function requireOwn(change: Change, capabilities: readonly Capability[]): void {
  const beyond = change.beyondAuthor(capabilities)
  if (beyond) throw exceeds(beyond, 'a role')
}

export const roleNotFound = () => new HandholdError('not-found', 'There is no such role. Refresh the list of roles.')
