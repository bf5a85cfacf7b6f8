import { stringify } from 'yaml'
import type { SettingKey } from '#protocol/policy/settings.ts'
import { SETTING_KEYS } from '#protocol/policy/settings.ts'
import type { UserView } from '#protocol/wire/views.ts'
import { isBuiltIn } from '../built-in.ts'
import type { PolicySnapshot } from '../snapshot.ts'
import type { FileGroup, PolicyFile } from './schema.ts'

const HEAD = `# The whole policy of one organisation. "handhold-relay policy apply --dry-run FILE" shows what applying would change.
# The id ties an entry to what is there; leave it out for something new. What isn't in this file is deleted.
# Built-in roles (Administrator, Operator) are not listed: they stay as they are.
`

/** The policy as the document that makes it again; equal policies are written alike. */
export function writePolicy(policy: PolicySnapshot, members: readonly UserView[]): string {
  const { groups, ...rest } = toFile(policy, members)
  // What a group doesn't say isn't written: an empty list for each of five hundred groups would hide the rest.
  const short = groups.map(({ path, id, ...said }) => ({
    path,
    id,
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => Object.keys(value).length > 0)),
  }))
  return HEAD + stringify({ ...rest, groups: short }, { lineWidth: 120, aliasDuplicateObjects: false })
}

function toFile(policy: PolicySnapshot, members: readonly UserView[]): PolicyFile {
  const emails = new Map(members.map(({ id, email }) => [id, email]))
  const roles = policy.rows.roles.filter(({ id }) => !isBuiltIn(id))
  const group = (id: string): FileGroup => {
    const rows = policy.rows.assignments.filter(({ groupId }) => groupId === id)
    const said = (effect: 'allow' | 'deny') =>
      rows
        .filter(row => row.effect === effect)
        .map(({ userId, roleId }) => ({
          who: userId === null ? 'everybody' : (emails.get(userId) ?? userId),
          role: policy.role(roleId)?.name ?? roleId,
        }))
        .sort((one, other) => compare(`${one.who} ${one.role}`, `${other.who} ${other.role}`))
    return { path: policy.pathText(id), id, settings: settingsOf(policy, id), allow: said('allow'), deny: said('deny') }
  }
  return {
    version: 1,
    roles: roles
      .map(({ id, name, capabilities }) => ({ name, id, capabilities: [...capabilities] }))
      .sort((one, other) => compare(one.name, other.name)),
    groups: policy.rows.groups.map(({ id }) => group(id)).sort((one, other) => compare(one.path, other.path)),
  }
}

function settingsOf(policy: PolicySnapshot, groupId: string): FileGroup['settings'] {
  const rows = new Map<SettingKey, unknown>()
  for (const row of policy.rows.settings) if (row.groupId === groupId) rows.set(row.key, row.value)
  return Object.fromEntries(SETTING_KEYS.filter(key => rows.has(key)).map(key => [key, rows.get(key)]))
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0)
