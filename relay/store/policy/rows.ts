import { z } from 'zod'
import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import { settingsSchema } from '#protocol/policy/settings.ts'
import { BUILT_IN_ROLES } from '../../domain/policy/built-in.ts'
import type { RoleRule, SettingRow } from '../../domain/policy/rules.ts'
import type { PolicyRows } from '../../domain/policy/store.ts'
import type { Tables } from '../tables.ts'

const storedSchema = z.array(z.string())

/** A policy as one row: each list as JSON. */
export interface StoredPolicy {
  readonly version: number
  readonly groups: string
  readonly roles: string
  readonly assignments: string
  readonly settings: string
  readonly disabled: string
}

const text = z.string()
const groupRows = z.array(z.tuple([text, text.nullable(), text]))
const namedRows = z.array(z.tuple([text, text, text]))
const assignmentRows = z.array(z.tuple([text, text.nullable(), text, text, z.enum(['allow', 'deny'])]))

/** Undefined is an organisation that isn't there. */
export function toPolicy(stored: StoredPolicy | undefined): PolicyRows {
  if (!stored) return { version: 0, groups: [], roles: [], assignments: [], settings: [] }
  const groups = groupRows.parse(JSON.parse(stored.groups))
  const roles = namedRows.parse(JSON.parse(stored.roles))
  const assignments = assignmentRows.parse(JSON.parse(stored.assignments))
  const settings = namedRows.parse(JSON.parse(stored.settings))
  return {
    version: stored.version,
    groups: groups.map(([id, parentId, name]) => ({ id, parentId, name })),
    roles: roles.map(([id, name, capabilities]) => toRole({ id, name, capabilities })),
    assignments: assignments.map(([id, userId, roleId, groupId, effect]) => ({ id, userId, roleId, groupId, effect })),
    settings: settings.map(([group_id, key, value]) => toSetting({ group_id, key, value })),
    disabledIds: new Set(storedSchema.parse(JSON.parse(stored.disabled))),
  }
}

/** A capability that this program doesn't know any more is nothing that it could give. */
function toRole({ id, name, capabilities }: Omit<Tables['role'], 'organisation_id'>): RoleRule {
  const stored = storedSchema.parse(JSON.parse(capabilities))
  const own = CAPABILITIES.filter(capability => stored.includes(capability))
  return { id, name, capabilities: BUILT_IN_ROLES[id]?.capabilities ?? own }
}

/** Throws for a value that this program can't follow: a device must not fall back to a default that its administrators didn't choose. */
function toSetting({ group_id, key, value }: Omit<Tables['group_setting'], 'organisation_id'>): SettingRow {
  const parsed = settingsSchema.partial().parse({ [key]: JSON.parse(value) })
  return { groupId: group_id, key, value: parsed[key as keyof typeof parsed] } as SettingRow
}
