import { type Kysely, type RawBuilder, sql } from 'kysely'
import { DEVICE_COUNT_MAX, type DeviceSort } from '#protocol/records-http.ts'
import { type SearchQuery, searchQuery } from '../../domain/records/search-tokens.ts'
import type { DeviceKey, DevicePage, DeviceQuery } from '../../domain/records/store.ts'
import type { Tables } from '../tables.ts'

/** So many devices of a tag are looked at one by one; of more, a page is found sooner by walking the list in its order. */
const TAGGED_MAX = 1_000
/** Among so few devices, of a tag or of somebody's groups, the words are looked for in each of them. */
const FEW_MAX = 2_000
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

interface Rows {
  readonly from: Sql
  readonly where: readonly Sql[]
}

interface Source extends Rows {
  /** The same rows, where these are counted sooner. */
  readonly counted?: Rows | null
  /** Every row has to be looked at for the first page already, so that they are counted at once. */
  readonly isWholeRead?: boolean
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

/**
 * The ids of one page. Every way through it is one index of the organisation's, of its groups, or of what was searched. What is searched is found once, up to `foundMax`
 * devices, and then sorted and counted together.
 */
export async function pageOfIds(
  db: Db,
  query: DeviceQuery,
  { after, limit, countMax }: DevicePage,
  foundMax = DEVICE_COUNT_MAX,
): Promise<Found> {
  const { columns } = ORDERS[query.sort]
  const source = await sourceOf(db, query, foundMax)
  if (source === null) return { ids: [], total: countMax === undefined ? null : 0 }
  const isLater = after !== undefined && after.length === columns.length
  const where = isLater ? [...source.where, behind(columns, after, query.isDescending)] : source.where
  const direction = sql.raw(query.isDescending ? 'desc' : 'asc')
  const ordered = sql.join(columns.map(column => sql`${sql.ref(column)} ${direction}`))
  const isCounted = source.isWholeRead && countMax !== undefined && !isLater
  const { rows } = await sql<Record<string, string | number>>`
    select ${sql.join(columns.map(column => sql.ref(column)))}${sql.raw(isCounted ? ', count(*) over () as total' : '')}
    from ${source.from} where ${sql.join(where, sql` and `)} order by ${ordered} limit ${limit}`.execute(db)
  const ids = rows.map(row => ({ id: String(row.id), key: columns.map(column => row[column] ?? '') }))
  if (countMax === undefined) return { ids, total: null }
  if (isCounted) return { ids, total: Math.min(Number(rows[0]?.total ?? 0), countMax) }
  // A page that isn't full says it by itself.
  return {
    ids,
    total: !isLater && ids.length < limit ? ids.length : await countOf(db, source.counted ?? source, countMax),
  }
}

async function countOf(db: Db, { from, where }: Rows, max: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from
    (select 1 from ${from} where ${sql.join(where, sql` and `)} limit ${max})`.execute(db)
  return rows[0]?.count ?? 0
}

const behind = (columns: readonly string[], after: DeviceKey, isDescending: boolean): Sql =>
  sql`(${sql.join(columns.map(column => sql.ref(column)))}) ${sql.raw(isDescending ? '<' : '>')} (${sql.join(after)})`

/** From where the rows come, and which of them count; null where there can be none. */
async function sourceOf(db: Db, query: DeviceQuery, foundMax: number): Promise<Source | null> {
  const { organisationId, groupIds, sort, tag } = query
  const search = query.text === undefined ? null : searchQuery(organisationId, query.text)
  const where = [sql`removed_at_ms is null`, ...filters(query), ...inGroups(groupIds)]
  const isOfFewGroups = groupIds !== null && groupIds.length <= GROUPS_MAX
  if (isOfFewGroups && search?.isWhole && (await areFew(db, sql`device indexed by device_in_group`, where)))
    return {
      from: sql`device indexed by device_in_group`,
      where: [...where, ...worded(search, query)],
      isWholeRead: true,
    }
  const max = search ? foundMax : TAGGED_MAX
  const candidates = search || tag !== undefined ? await candidatesOf(db, query, search, max + 1) : null
  if (candidates?.length === 0) return null
  if (candidates && candidates.length <= max) {
    where.push(
      sql`id in (select value from json_each(${JSON.stringify(candidates)}))`,
      sql`organisation_id = ${organisationId}`,
    )
    return { from: sql`device indexed by device_by_id`, where, isWholeRead: true }
  }
  const counted = search || tag === undefined ? null : { from: fromTag, where: [...where, ofTag(organisationId, tag)] }
  if (search) where.push(sql`id in (${matching(search)})`)
  if (tag !== undefined) where.push(tagged(organisationId, tag))
  if (isOfFewGroups) return { from: sql`device indexed by device_in_group`, where }
  where.push(sql`organisation_id = ${organisationId}`)
  return { from: sql`device indexed by ${sql.ref(ORDERS[sort].index)}`, where, counted }
}

const ofTag = (organisationId: string, tag: string): Sql =>
  sql`device_tag.organisation_id = ${organisationId} and device_tag.tag = ${tag}`
const fromTag = sql`device_tag cross join device indexed by device_by_id on device.id = device_tag.device_id`

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

/** Who has every word and the tag, no more than `limit` of them. */
async function candidatesOf(
  db: Db,
  { organisationId, tag }: DeviceQuery,
  search: SearchQuery | null,
  limit: number,
): Promise<string[]> {
  const withTag = ofTag(organisationId, tag ?? '')
  const idsOf = async (question: Sql) =>
    (await sql<{ device_id: string }>`${question} limit ${limit}`.execute(db)).rows.map(({ device_id }) => device_id)
  if (search === null) return idsOf(sql`select device_id from device_tag where ${withTag}`)
  if (tag === undefined) return idsOf(matching(search))
  if (search.isWhole && (await areFew(db, sql`device_tag`, [withTag])))
    return idsOf(sql`select device_tag.device_id from device_tag
      cross join device_search on device_search.device_id = device_tag.device_id where ${withTag}${holding(search)}`)
  return idsOf(sql`${matching(search)} and ${tagged(organisationId, tag, 'device_search.device_id')}`)
}

async function areFew(db: Db, from: Sql, where: readonly Sql[]): Promise<boolean> {
  return (await countOf(db, { from, where }, FEW_MAX + 1)) <= FEW_MAX
}

/** For a device that is at hand: that it has every word, and the tag. */
const worded = (search: SearchQuery, { organisationId, tag }: DeviceQuery): Sql[] => [
  sql`exists (select 1 from device_search where device_search.device_id = device.id${holding(search)})`,
  ...(tag === undefined ? [] : [tagged(organisationId, tag)]),
]

function matching(search: SearchQuery): Sql {
  const all = search.tokens.map(token => `"${token}"`).join(' AND ')
  return sql`select device_id from device_fts cross join device_search on number = device_fts.rowid
    where device_fts match ${all}${holding(search)}`
}

const holding = ({ words }: SearchQuery): Sql =>
  words.length === 0
    ? sql``
    : sql.join(
        words.map(word => sql` and instr(device_search.text, ${word}) > 0`),
        sql``,
      )
