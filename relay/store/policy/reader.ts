import type { Kysely } from 'kysely'
import type { PolicyReader, PolicyRows } from '../../domain/policy/store.ts'
import { shownEmail } from '../identity/rows.ts'
import type { Tables } from '../tables.ts'
import { toRole, toSetting } from './rows.ts'

export class KyselyPolicyReader implements PolicyReader {
  protected readonly db: Kysely<Tables>

  constructor(db: Kysely<Tables>) {
    this.db = db
  }

  async version(organisationId: string): Promise<number> {
    const row = await this.db
      .selectFrom('organisation')
      .select('policy_version')
      .where('id', '=', organisationId)
      .executeTakeFirst()
    return row?.policy_version ?? 0
  }

  /** From one moment: half of a change that another program makes would be a policy that nobody wrote. */
  rows(organisationId: string): Promise<PolicyRows> {
    if (this.db.isTransaction) return this.#rows(organisationId)
    return this.db.transaction().execute(transaction => new KyselyPolicyReader(transaction).#rows(organisationId))
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

  async #rows(organisationId: string): Promise<PolicyRows> {
    const version = await this.version(organisationId)
    const groups = await this.db
      .selectFrom('device_group')
      .select(['id', 'parent_id as parentId', 'name'])
      .where('organisation_id', '=', organisationId)
      .execute()
    const roles = await this.db
      .selectFrom('role')
      .select(['id', 'name', 'capabilities'])
      .where('organisation_id', '=', organisationId)
      .execute()
    const assignments = await this.db
      .selectFrom('role_assignment')
      .select(['id', 'user_id as userId', 'role_id as roleId', 'group_id as groupId', 'effect'])
      .where('organisation_id', '=', organisationId)
      .execute()
    const settings = await this.db
      .selectFrom('group_setting')
      .select(['group_id', 'key', 'value'])
      .where('organisation_id', '=', organisationId)
      .execute()
    const disabled = await this.db
      .selectFrom('member')
      .innerJoin('user', 'user.id', 'member.user_id')
      .select('user.id')
      .where('member.organisation_id', '=', organisationId)
      .where('user.disabled_at_ms', 'is not', null)
      .execute()
    const policy = { version, groups, roles: roles.map(toRole), assignments, settings: settings.map(toSetting) }
    return { ...policy, disabledIds: new Set(disabled.map(({ id }) => id)) }
  }
}
