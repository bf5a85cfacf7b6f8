import type { SettingKey, Settings } from '#protocol/policy/settings.ts'
import type { Assignment, Group, RoleRule } from '../../domain/policy/rules.ts'
import type { PolicyWriter } from '../../domain/policy/store.ts'
import { KyselyPolicyReader } from './reader.ts'

export class KyselyPolicyWriter extends KyselyPolicyReader implements PolicyWriter {
  async insertGroup(organisationId: string, { id, parentId, name }: Group): Promise<void> {
    await this.db
      .insertInto('device_group')
      .values({ id, organisation_id: organisationId, parent_id: parentId, name })
      .execute()
  }

  async updateGroup({ id, parentId, name }: Group): Promise<void> {
    await this.db.updateTable('device_group').set({ parent_id: parentId, name }).where('id', '=', id).execute()
  }

  async deleteGroup({ id, parentId }: Group): Promise<void> {
    // Asked by organisation as well: the keys of both tables begin with it.
    const organisation = this.db.selectFrom('device_group').select('organisation_id').where('id', '=', id)
    for (const table of ['group_setting', 'role_assignment'] as const)
      await this.db.deleteFrom(table).where('organisation_id', '=', organisation).where('group_id', '=', id).execute()
    await this.db
      .updateTable('device')
      .set({ group_id: parentId })
      .where('group_id', '=', id)
      .where('removed_at_ms', 'is not', null)
      .execute()
    await this.db.deleteFrom('device_group').where('id', '=', id).execute()
  }

  async insertRole(organisationId: string, { id, name, capabilities }: RoleRule): Promise<void> {
    await this.db
      .insertInto('role')
      .values({ organisation_id: organisationId, id, name, capabilities: JSON.stringify(capabilities) })
      .execute()
  }

  async updateRole(organisationId: string, { id, name, capabilities }: RoleRule): Promise<void> {
    await this.db
      .updateTable('role')
      .set({ name, capabilities: JSON.stringify(capabilities) })
      .where('organisation_id', '=', organisationId)
      .where('id', '=', id)
      .execute()
  }

  async deleteRole(organisationId: string, roleId: string): Promise<void> {
    await this.db
      .deleteFrom('role_assignment')
      .where('organisation_id', '=', organisationId)
      .where('role_id', '=', roleId)
      .execute()
    await this.db.deleteFrom('role').where('organisation_id', '=', organisationId).where('id', '=', roleId).execute()
  }

  async insertAssignment(organisationId: string, assignment: Assignment): Promise<void> {
    await this.db
      .insertInto('role_assignment')
      .values({
        id: assignment.id,
        organisation_id: organisationId,
        user_id: assignment.userId,
        role_id: assignment.roleId,
        group_id: assignment.groupId,
        effect: assignment.effect,
      })
      .execute()
  }

  async deleteAssignment(id: string): Promise<void> {
    await this.db.deleteFrom('role_assignment').where('id', '=', id).execute()
  }

  async setSetting<Key extends SettingKey>(
    organisationId: string,
    groupId: string,
    key: Key,
    value: Settings[Key] | undefined,
  ): Promise<void> {
    await this.db
      .deleteFrom('group_setting')
      .where('organisation_id', '=', organisationId)
      .where('group_id', '=', groupId)
      .where('key', '=', key)
      .execute()
    if (value === undefined) return
    await this.db
      .insertInto('group_setting')
      .values({ organisation_id: organisationId, group_id: groupId, key, value: JSON.stringify(value) })
      .execute()
  }

  async moveDevice(deviceId: string, groupId: string): Promise<void> {
    await this.db.updateTable('device').set({ group_id: groupId }).where('id', '=', deviceId).execute()
  }
}
