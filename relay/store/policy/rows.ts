import { z } from 'zod'
import { CAPABILITIES } from '#protocol/policy/capabilities.ts'
import { settingsSchema } from '#protocol/policy/settings.ts'
import { BUILT_IN_ROLES } from '../../domain/policy/built-in.ts'
import type { RoleRule, SettingRow } from '../../domain/policy/rules.ts'
import type { Tables } from '../tables.ts'

const storedSchema = z.array(z.string())

/** A capability that this program doesn't know any more is nothing that it could give. */
export function toRole({ id, name, capabilities }: Omit<Tables['role'], 'organisation_id'>): RoleRule {
  const stored = storedSchema.parse(JSON.parse(capabilities))
  const own = CAPABILITIES.filter(capability => stored.includes(capability))
  return { id, name, capabilities: BUILT_IN_ROLES[id]?.capabilities ?? own }
}

/** Throws for a value that this program can't follow: a device must not fall back to a default that its administrators didn't choose. */
export function toSetting({ group_id, key, value }: Omit<Tables['group_setting'], 'organisation_id'>): SettingRow {
  const parsed = settingsSchema.partial().parse({ [key]: JSON.parse(value) })
  return { groupId: group_id, key, value: parsed[key as keyof typeof parsed] } as SettingRow
}
