import { newId } from '../../chance.ts'
import { isBuiltIn } from '../built-in.ts'
import type { RoleRule } from '../rules.ts'
import { exceeds } from '../safety.ts'
import { type Draft, differ } from './draft.ts'

/** Makes the roles what the file says. Returns every role that the rest of the file can name, by name. */
export async function applyRoles(draft: Draft): Promise<ReadonlyMap<string, string>> {
  const { change } = draft
  const wanted = wantedRoles(draft)
  const present = change.before.rows.roles.filter(({ id }) => !isBuiltIn(id))
  for (const role of present) if (!wanted.some(({ id }) => id === role.id)) await drop(draft, role)
  const changed = wanted.filter(role => !isSame(role, change.before.role(role.id)))
  // Names may be swapped: first each steps aside.
  for (const role of changed)
    if (change.before.role(role.id))
      await change.tx.policy.updateRole(change.organisationId, { ...role, name: role.id })
  for (const role of changed) await put(draft, role)
  const builtIn = change.before.rows.roles.filter(({ id }) => isBuiltIn(id))
  return new Map([...builtIn, ...wanted].map(({ id, name }) => [name, id]))
}

function wantedRoles({ change, parsed, chance }: Draft): RoleRule[] {
  const { roles } = change.before.rows
  const taken = new Map<string, number>()
  return parsed.file.roles.map(({ name, id, capabilities }, index) => {
    const known = id ? roles.find(role => role.id === id) : roles.find(role => role.name === name)
    if (id && !known) parsed.refuse(['roles', index, 'id'], 'there is no such role in this organisation.')
    const isReserved = roles.some(role => role.name === name && isBuiltIn(role.id))
    if (isReserved || (known && isBuiltIn(known.id)))
      parsed.refuse(['roles', index], `the role "${name}" is built in and stays as it is.`, 'role-built-in')
    const beyond = change.beyondAuthor(capabilities.filter(one => !known?.capabilities.includes(one)))
    if (beyond)
      parsed.refuse(
        ['roles', index, 'capabilities'],
        exceeds(beyond, `the role "${name}"`).message,
        'role-exceeds-author',
      )
    const role = { id: known?.id ?? newId('role', chance), name, capabilities }
    for (const key of [`name ${name}`, role.id]) {
      if (taken.has(key)) parsed.refuse(['roles', index], `the role "${name}" is here twice.`)
      taken.set(key, index)
    }
    return role
  })
}

async function put(draft: Draft, role: RoleRule): Promise<void> {
  const { change } = draft
  const { name, capabilities } = role
  const before = change.before.role(role.id)
  if (before) await change.tx.policy.updateRole(change.organisationId, role)
  else await change.tx.policy.insertRole(change.organisationId, role)
  const list = `[${capabilities.join(', ')}]`
  if (!before) {
    differ(draft, `+ role "${name}" ${list}`, {
      action: 'role.created',
      subject: role.id,
      detail: { name, capabilities },
    })
    return
  }
  const was = { name: before.name, capabilities: before.capabilities }
  differ(draft, `~ role "${was.name}" [${was.capabilities.join(', ')}] -> "${name}" ${list}`, {
    action: 'role.changed',
    subject: role.id,
    detail: { name, capabilities, before: was },
  })
}

async function drop(draft: Draft, { id, name, capabilities }: RoleRule): Promise<void> {
  const { change } = draft
  await change.tx.policy.deleteRole(change.organisationId, id)
  differ(draft, `- role "${name}"`, {
    action: 'role.deleted',
    subject: id,
    detail: { name, capabilities },
  })
}

const isSame = (one: RoleRule, other: RoleRule | undefined): boolean =>
  one.name === other?.name && one.capabilities.join() === other.capabilities.join()
