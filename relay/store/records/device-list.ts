import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { DeviceSort } from '#protocol/records-http.ts'
import { type SearchQuery, searchQuery } from '../../domain/records/search-tokens.ts'
import type { DeviceKey, DevicePage, DeviceQuery } from '../../domain/records/store.ts'
import type { Tables } from '../tables.ts'

/** So many candidates are looked at one by one; of more, a page is found sooner by walking the list in its order. */
const CANDIDATES_MAX = 1_000
/** Groups whose devices are collected and sorted; of more, the organisation's list is walked. */
const GROUPS_MAX = 64

interface Order {
  readonly index: string
  readonly columns: readonly string[]
}

const ORDERS: Record<DeviceSort, Order> = {
  name: { index: 'device_by_name', columns: ['name_key', 'id'] },
  status: { index: 'device_by_presence', columns: ['away', 'name_key', 'id'] },
  seen: { index: 'device_by_seen', columns: ['seen_rank', 'id'] },
  system: { index: 'device_by_system', columns: ['os_key', 'id'] },
}

interface Source {
  readonly from: Sql
  readonly where: readonly Sql[]
  /** Has as many rows, where these are counted sooner. */
  readonly counted?: Sql
}

interface PlacedId {
  readonly id: string
  readonly key: DeviceKey
}

type Db = Kysely<Tables>
type Sql = RawBuilder<unknown>

interface Found {
  readonly ids: readonly PlacedId[]
  /** How many there are in all, where that was asked for. */
  readonly total: number | null
}

/** The ids of one page. Every way through it is one index of the organisation's, of its groups, or of what was searched. */
export async function pageOfIds(db: Db, query: DeviceQuery, { after, limit, countMax }: DevicePage): Promise<Found> {
  const { columns } = ORDERS[query.sort]
  const source = await sourceOf(db, query)
  if (source === null) return { ids: [], total: countMax === undefined ? null : 0 }
  const isLater = after !== undefined && after.length === columns.length
  const where = isLater ? [...source.where, behind(columns, after, query.isDescending)] : source.where
  const direction = sql.raw(query.isDescending ? 'desc' : 'asc')
  const ordered = sql.join(columns.map(column => sql`${sql.ref(column)} ${direction}`))
  const { rows } = await sql<
    Record<string, string | number>
  >`select ${sql.join(columns.map(column => sql.ref(column)))} from ${source.from}
    where ${sql.join(where, sql` and `)} order by ${ordered} limit ${limit}`.execute(db)
  const ids = rows.map(row => ({ id: String(row.id), key: columns.map(column => row[column] ?? '') }))
  if (countMax === undefined) return { ids, total: null }
  // A page that isn't full says it by itself.
  return { ids, total: !isLater && ids.length < limit ? ids.length : await countOf(db, source, countMax) }
}

async function countOf(db: Db, { from, where, counted }: Source, max: number): Promise<number> {
  const all = counted ?? sql`select 1 from ${from} where ${sql.join(where, sql` and `)}`
  const { rows } = await sql<{ count: number }>`select count(*) as count from (${all} limit ${max})`.execute(db)
  return rows[0]?.count ?? 0
}

const behind = (columns: readonly string[], after: DeviceKey, isDescending: boolean): Sql =>
  sql`(${sql.join(columns.map(column => sql.ref(column)))}) ${sql.raw(isDescending ? '<' : '>')} (${sql.join(after)})`

/** From where the rows come, and which of them count; null where there can be none. */
async function sourceOf(db: Db, query: DeviceQuery): Promise<Source | null> {
  const { organisationId, groupIds, sort } = query
  const search = query.text === undefined ? null : searchQuery(organisationId, query.text)
  const where = [sql`removed_at_ms is null`, ...filters(query)]
  const candidates = await candidatesOf(db, query, search)
  if (candidates?.length === 0) return null
  if (candidates && candidates.length <= CANDIDATES_MAX) {
    // The plus keeps SQLite from walking the organisation's list after all.
    where.push(
      sql`id in (select value from json_each(${JSON.stringify(candidates)}))`,
      sql`+organisation_id = ${organisationId}`,
    )
    return { from: sql`device`, where: [...where, ...inGroups(groupIds)] }
  }
  if (search) where.push(sql`id in (${matching(search)})`)
  if (query.tag !== undefined) where.push(tagged(organisationId, query.tag))
  if (groupIds && groupIds.length <= GROUPS_MAX)
    return { from: sql`device indexed by device_in_group`, where: [...where, ...inGroups(groupIds)] }
  where.push(sql`organisation_id = ${organisationId}`, ...inGroups(groupIds))
  // Words are kept for devices that are there, and for nothing else.
  const isWordsOnly = search !== null && groupIds === null && query.tag === undefined && filters(query).length === 0
  const from = sql`device indexed by ${sql.ref(ORDERS[sort].index)}`
  return { from, where, ...(isWordsOnly && { counted: matching(search) }) }
}

function filters({ status, platform, isOnline, pendingGroupIds }: DeviceQuery): Sql[] {
  const where: Sql[] = []
  if (status !== undefined) where.push(sql`status = ${status}`)
  if (platform !== undefined) where.push(sql`platform = ${platform}`)
  if (isOnline !== undefined) where.push(sql`away = ${isOnline ? 0 : 1}`)
  if (pendingGroupIds !== null)
    where.push(
      sql`(status <> 'pending' or group_id in (select value from json_each(${JSON.stringify(pendingGroupIds)})))`,
    )
  return where
}

const inGroups = (groupIds: readonly string[] | null): Sql[] =>
  groupIds === null ? [] : [sql`group_id in (select value from json_each(${JSON.stringify(groupIds)}))`]

const tagged = (organisationId: string, tag: string, id = 'device.id'): Sql =>
  sql`exists (select 1 from device_tag where organisation_id = ${organisationId} and tag = ${tag} and device_tag.device_id = ${sql.ref(id)})`

/** Who has every word and the tag, as long as these are few; one more than `CANDIDATES_MAX` says that they aren't. Null without such a question. */
async function candidatesOf(
  db: Db,
  { organisationId, tag }: DeviceQuery,
  search: SearchQuery | null,
): Promise<string[] | null> {
  const limit = CANDIDATES_MAX + 1
  if (search) {
    const having = tag === undefined ? sql`` : sql` and ${tagged(organisationId, tag, 'device_search.device_id')}`
    const { rows } = await sql<{ device_id: string }>`${matching(search)}${having} limit ${limit}`.execute(db)
    return rows.map(({ device_id }) => device_id)
  }
  if (tag === undefined) return null
  const { rows } = await sql<{ device_id: string }>`select device_id from device_tag
    where organisation_id = ${organisationId} and tag = ${tag} limit ${limit}`.execute(db)
  return rows.map(({ device_id }) => device_id)
}

function matching({ tokens, words }: SearchQuery): Sql {
  const all = tokens.map(token => `"${token}"`).join(' AND ')
  const whole = words.map(word => sql` and instr(text, ${word}) > 0`)
  return sql`select device_id from device_fts cross join device_search on number = device_fts.rowid
    where device_fts match ${all}${whole.length > 0 ? sql.join(whole, sql``) : sql``}`
}
