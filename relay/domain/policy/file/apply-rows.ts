import { SETTING_KEYS } from '#protocol/policy/settings.ts'
import { newId } from '../../chance.ts'
import type { Assignment } from '../rules.ts'
import type { PlacedGroup } from './apply-groups.ts'
import { type Draft, differ } from './draft.ts'
import type { Place } from './parse.ts'

/** Makes the groups' settings what the file says; what it doesn't say is inherited. */
export async function applySettings(draft: Draft, placed: readonly PlacedGroup[]): Promise<void> {
  const { change, parsed } = draft
  for (const { id, path, index } of placed) {
    const wanted = parsed.file.groups[index]?.settings ?? {}
    for (const key of SETTING_KEYS) {
      const value = wanted[key]
      const before = change.before.rows.settings.find(row => row.groupId === id && row.key === key)?.value
      if (JSON.stringify(before) === JSON.stringify(value)) continue
      await change.tx.policy.setSetting(change.organisationId, id, key, value)
      const [was, is] = [before, value].map(one => (one === undefined ? 'inherited' : JSON.stringify(one)))
      const note = { action: 'group.setting-changed', subject: id, detail: { key, before, value } }
      differ(draft, `~ setting ${path} ${key}: ${was} -> ${is}`, note)
    }
  }
}

type Wanted = Omit<Assignment, 'id'> & { readonly line: string }

/** Makes the assignments what the file says. */
export async function applyAssignments(
  draft: Draft,
  placed: readonly PlacedGroup[],
  roles: ReadonlyMap<string, string>,
): Promise<void> {
  const { change, chance } = draft
  const wanted = wantedAssignments(draft, placed, roles)
  const present = new Map(change.before.rows.assignments.map(row => [keyOf(row), row]))
  const emails = new Map(draft.members.map(({ id, email }) => [id, email]))
  for (const [key, { line, ...row }] of wanted) {
    if (present.has(key)) continue
    const id = newId('assignment', chance)
    await change.tx.policy.insertAssignment(change.organisationId, { id, ...row })
    differ(draft, `+ ${line}`, { action: 'assignment.added', subject: id, detail: row })
  }
  for (const [key, { id, ...row }] of present) {
    if (wanted.has(key)) continue
    await change.tx.policy.deleteAssignment(id)
    const who = row.userId === null ? 'everybody' : (emails.get(row.userId) ?? row.userId)
    const role = change.before.role(row.roleId)?.name ?? row.roleId
    const line = lineOf(row.effect, who, role, change.before.pathText(row.groupId))
    differ(draft, `- ${line}`, { action: 'assignment.removed', subject: id, detail: row })
  }
}

function wantedAssignments(
  { parsed, members }: Draft,
  placed: readonly PlacedGroup[],
  roles: ReadonlyMap<string, string>,
) {
  const idByEmail = new Map(members.map(({ id, email }) => [email.toLowerCase(), id]))
  const wanted = new Map<string, Wanted>()
  for (const { id: groupId, path, index } of placed)
    for (const effect of ['allow', 'deny'] as const)
      for (const [row, { who, role }] of (parsed.file.groups[index]?.[effect] ?? []).entries()) {
        const place: Place = ['groups', index, effect, row]
        const userId = who === 'everybody' ? null : idByEmail.get(who.toLowerCase())
        const roleId = roles.get(role)
        if (userId === undefined) return parsed.refuse([...place, 'who'], `nobody here has the address ${who}.`)
        if (roleId === undefined) return parsed.refuse([...place, 'role'], `there is no role "${role}".`)
        const made = { userId, roleId, groupId, effect }
        if (wanted.has(keyOf(made))) return parsed.refuse(place, `${who} has "${role}" here twice.`)
        wanted.set(keyOf(made), { ...made, line: lineOf(effect, who, role, path) })
      }
  return wanted
}

const keyOf = ({ userId, roleId, groupId, effect }: Omit<Assignment, 'id'>): string =>
  [groupId, roleId, effect, userId ?? ''].join(' ')

const lineOf = (effect: string, who: string, role: string, path: string): string =>
  `${effect} "${role}" in ${path} to ${who}`
