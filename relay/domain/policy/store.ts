import type { SettingKey, Settings } from '#protocol/policy/settings.ts'
import type { OrganisationView, UserView } from '#protocol/wire/views.ts'
import type { Assignment, Group, RoleRule, SettingRow } from './rules.ts'

/** An organisation's policy as it was at one moment. */
export interface PolicyRows {
  /** Goes up with every change. */
  readonly version: number
  readonly groups: readonly Group[]
  readonly roles: readonly RoleRule[]
  readonly assignments: readonly Assignment[]
  readonly settings: readonly SettingRow[]
  /** People who are switched off: their assignments stay, and give them nothing. Left out means nobody. */
  readonly disabledIds?: ReadonlySet<string>
}

export interface PolicyReader {
  /** 0 for an organisation that isn't there. */
  version(organisationId: string): Promise<number>
  rows(organisationId: string): Promise<PolicyRows>
  members(organisationId: string): Promise<UserView[]>
  /** Whether the group has devices that weren't removed. */
  hasDevices(groupId: string): Promise<boolean>
  /** Ids of the devices of this name. */
  devicesByName(organisationId: string, name: string): Promise<string[]>
  organisations(): Promise<OrganisationView[]>
}

export interface PolicyWriter extends PolicyReader {
  insertGroup(organisationId: string, group: Group): Promise<void>
  updateGroup(group: Group): Promise<void>
  /** With its settings and assignments. Removed devices that were in it are its parent's from then on. */
  deleteGroup(group: Group): Promise<void>
  insertRole(organisationId: string, role: RoleRule): Promise<void>
  updateRole(organisationId: string, role: RoleRule): Promise<void>
  /** With its assignments. */
  deleteRole(organisationId: string, roleId: string): Promise<void>
  insertAssignment(organisationId: string, assignment: Assignment): Promise<void>
  deleteAssignment(id: string): Promise<void>
  /** `undefined` leaves the setting to the group above. */
  setSetting<Key extends SettingKey>(
    organisationId: string,
    groupId: string,
    key: Key,
    value: Settings[Key] | undefined,
  ): Promise<void>
  moveDevice(deviceId: string, groupId: string): Promise<void>
}
