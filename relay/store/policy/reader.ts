import { sql } from 'kysely'
import type { PolicyReader, PolicyRows } from '../../domain/policy/store.ts'
import { shownEmail } from '../identity/rows.ts'
import { TableReader } from '../table-reader.ts'
import { type StoredPolicy, toPolicy } from './rows.ts'

export class KyselyPolicyReader extends TableReader implements PolicyReader {
  async version(organisationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('organisation')
      .select('policy_version')
      .where('id', '=', organisationId)
      .executeTakeFirst()
    return row?.policy_version ?? 0
  }

  /** One question and so one moment: half of a change that another program makes would be a policy that nobody wrote. */
  async rows(organisationId: string): Promise<PolicyRows> {
    const found = await sql<StoredPolicy>`select policy_version as version,
      (select json_group_array(json_array(id, parent_id, name)) from device_group where organisation_id = ${organisationId}) as groups,
      (select json_group_array(json_array(id, name, capabilities)) from role where organisation_id = ${organisationId}) as roles,
      (select json_group_array(json_array(id, user_id, role_id, group_id, effect)) from role_assignment
        where organisation_id = ${organisationId}) as assignments,
      (select json_group_array(json_array(group_id, key, value)) from group_setting where organisation_id = ${organisationId}) as settings,
      (select json_group_array(user.id) from member join user on user.id = member.user_id
        where member.organisation_id = ${organisationId} and user.disabled_at_ms is not null) as disabled
      from organisation where id = ${organisationId}`.execute(this.db)
    return toPolicy(found.rows[0])
  }

  members(organisationId: string) {
    return this.db
      .selectFrom('member')
      .innerJoin('user', 'user.id', 'member.user_id')
      .select(['user.id', 'user.name', shownEmail])
      .where('member.organisation_id', '=', organisationId)
      .execute()
  }

  async hasDevices(groupId: string): Promise<boolean> {
    const row = await this.db
      .selectFrom('device')
      .select('id')
      .where('group_id', '=', groupId)
      .where('removed_at_ms', 'is', null)
      .limit(1)
      .executeTakeFirst()
    return row !== undefined
  }

  async devicesByName(organisationId: string, name: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('device')
      .select('id')
      .where('organisation_id', '=', organisationId)
      .where('name', '=', name)
      .where('removed_at_ms', 'is', null)
      .limit(10)
      .execute()
    return rows.map(({ id }) => id)
  }

  organisations() {
    return this.db.selectFrom('organisation').select(['id', 'name']).orderBy('id').limit(1_000).execute()
  }
}
