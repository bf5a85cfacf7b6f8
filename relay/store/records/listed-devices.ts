import { type Kysely, type Selectable, sql } from 'kysely'
import { rootGroupId } from '../../domain/policy/built-in.ts'
import type { ShownDevice } from '../../domain/records/store.ts'
import type { Tables } from '../tables.ts'

type Row = Pick<
  Selectable<Tables['device']>,
  | 'id'
  | 'organisation_id'
  | 'name'
  | 'facts'
  | 'enrolled_at_ms'
  | 'last_seen_at_ms'
  | 'group_id'
  | 'status'
  | 'status_reason'
  | 'owner'
> & { readonly busy: number; readonly tags: string }

/** What a list shows of these devices; one that isn't there any more is left out. */
export async function listedDevices(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, ShownDevice>> {
  const { rows } = await sql<Row>`
    select id, organisation_id, name, facts, enrolled_at_ms, last_seen_at_ms, group_id, status, status_reason, owner,
      exists (select 1 from session where session.device_id = device.id and state_name not in ('ending', 'closed')) as busy,
      (select json_group_array(tag) from device_tag where device_tag.device_id = device.id) as tags
    from device where id in (select value from json_each(${JSON.stringify(ids)})) and removed_at_ms is null`.execute(db)
  return new Map(rows.map(row => [row.id, toShown(row)]))
}

/** Written through its schema and sent through another one: a list of fifty isn't held to it a third time in between. */
const toShown = (row: Row): ShownDevice => ({
  id: row.id,
  name: row.name,
  groupId: row.group_id ?? rootGroupId(row.organisation_id),
  tags: (JSON.parse(row.tags) as string[]).sort(),
  facts: JSON.parse(row.facts) as ShownDevice['facts'],
  status: row.status,
  statusReason: row.status_reason as ShownDevice['statusReason'],
  owner: row.owner === null ? null : (JSON.parse(row.owner) as ShownDevice['owner']),
  lastSeenAtMs: row.last_seen_at_ms,
  enrolledAtMs: row.enrolled_at_ms,
  busy: row.busy === 1,
})
