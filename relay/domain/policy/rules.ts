import type { Capability } from '#protocol/policy/capabilities.ts'
import type { SettingKey, Settings } from '#protocol/policy/settings.ts'

/** A node of an organisation's tree of groups; the root has no parent. */
export interface Group {
  readonly id: string
  readonly parentId: string | null
  readonly name: string
}

/** What its holders may do. */
export interface RoleRule {
  readonly id: string
  readonly name: string
  readonly capabilities: readonly Capability[]
}

/** `allow`: the operator has the role in this group. `deny`: nothing of the role is theirs here, whoever else allows it; `userId` null means everybody. */
export interface Assignment {
  readonly id: string
  readonly userId: string | null
  readonly roleId: string
  readonly groupId: string
  readonly effect: 'allow' | 'deny'
}

/** One value that a group sets. */
export type SettingRow = {
  [Key in SettingKey]: { readonly groupId: string; readonly key: Key; readonly value: Settings[Key] }
}[SettingKey]
