import { sql } from 'kysely'
import { DEVICE_COUNT_MAX, type DeviceSort } from '#protocol/records-http.ts'
import { type SearchQuery, searchQuery } from '../../domain/records/search-tokens.ts'
import type { DeviceKey, DevicePage, DeviceQuery } from '../../domain/records/store.ts'
import {
  areFew,
  candidatesOf,
  countOf,
  type Db,
  FEW_MAX,
  fromTag,
  matching,
  ofTag,
  type Rows,
  type Sql,
  TAGGED_MAX,
  tagged,
  worded,
} from './found-devices.ts'

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

type Row = Readonly<Record<string, string | number>>

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
  page: DevicePage,
  foundMax = DEVICE_COUNT_MAX,
): Promise<Found> {
  const search = query.text === undefined ? null : searchQuery(query.organisationId, query.text)
  const few = search?.isWhole ? await fewOf(db, query, search) : null
  if (few) return walked(db, few, query, page)
  const candidates = await candidatesOf(db, query, search)
  const found = candidates ? await sorted(db, candidates, search ? foundMax : TAGGED_MAX, query, page) : null
  return found ?? walked(db, walkOf(query, search), query, page)
}

/** Of a source that is read in the list's order. */
async function walked(db: Db, source: Source, query: DeviceQuery, page: DevicePage): Promise<Found> {
  const { after, limit, countMax } = page
  const { columns } = ORDERS[query.sort]
  const behindLast = behind(query, after)
  const where = behindLast ? [...source.where, behindLast] : source.where
  const isCounted = source.isWholeRead && countMax !== undefined && behindLast === null
  const { rows } = await sql<Row>`
    select ${columnsOf(columns)}${sql.raw(isCounted ? ', count(*) over () as total' : '')}
    from ${source.from} where ${sql.join(where, sql` and `)} order by ${ordered(query)} limit ${limit}`.execute(db)
  const ids = rows.map(row => placed(row, columns))
  if (countMax === undefined) return { ids, total: null }
  if (isCounted) return { ids, total: Math.min(Number(rows[0]?.total ?? 0), countMax) }
  // A page that isn't full says it by itself.
  return {
    ids,
    total:
      behindLast === null && ids.length < limit ? ids.length : await countOf(db, source.counted ?? source, countMax),
  }
}

/** Of what was found, in any order: narrowed, counted and sorted in one question, so that thousands of ids come and go nowhere. Null where more than `max` were found. */
async function sorted(
  db: Db,
  candidates: Sql,
  max: number,
  query: DeviceQuery,
  { after, limit, countMax }: DevicePage,
): Promise<Found | null> {
  const { columns } = ORDERS[query.sort]
  const where = [sql`organisation_id = ${query.organisationId}`, ...narrowed(query), ...lookedAt(query)]
  const { rows } = await sql<Row>`
    with found (device_id) as materialized (${candidates} limit ${max + 1}),
      kept as materialized (
        select ${columnsOf(columns)} from found cross join device indexed by device_by_id on device.id = found.device_id
        where ${sql.join(where, sql` and `)}),
      page as (select * from kept where ${behind(query, after) ?? sql`true`} order by ${ordered(query)} limit ${limit})
    select counts.*, page.* from
      (select (select count(*) from found) as found, (select count(*) from kept) as total) as counts
      left join page on true order by ${ordered(query)}`.execute(db)
  if (Number(rows[0]?.found ?? 0) > max) return null
  const ids = rows.filter(({ id }) => id !== null).map(row => placed(row, columns))
  return { ids, total: countMax === undefined ? null : Math.min(Number(rows[0]?.total ?? 0), countMax) }
}

const columnsOf = (columns: readonly string[]): Sql => sql.join(columns.map(column => sql.ref(column)))
const placed = (row: Row, columns: readonly string[]): PlacedId => ({
  id: String(row.id),
  key: columns.map(column => row[column] ?? ''),
})

const ordered = ({ sort, isDescending }: DeviceQuery): Sql => {
  const direction = sql.raw(isDescending ? 'desc' : 'asc')
  return sql.join(ORDERS[sort].columns.map(column => sql`${sql.ref(column)} ${direction}`))
}

/** What comes behind the last row that was seen; null on the first page. */
function behind({ sort, isDescending }: DeviceQuery, after: DeviceKey | undefined): Sql | null {
  const { columns } = ORDERS[sort]
  if (after === undefined || after.length !== columns.length) return null
  return sql`(${columnsOf(columns)}) ${sql.raw(isDescending ? '<' : '>')} (${sql.join(after)})`
}

const narrowed = (query: DeviceQuery): Sql[] => [sql`removed_at_ms is null`, ...filters(query)]
const isOfFewGroups = ({ groupIds }: DeviceQuery): boolean => groupIds !== null && groupIds.length <= GROUPS_MAX
const fromGroups = sql`device indexed by device_in_group`

/** Somebody's few devices, each of which is looked at; null where they aren't few. */
async function fewOf(db: Db, query: DeviceQuery, search: SearchQuery): Promise<Source | null> {
  const where = [...narrowed(query), ...inGroups(query)]
  if (!isOfFewGroups(query) || !(await areFew(db, fromGroups, where, FEW_MAX))) return null
  return { from: fromGroups, where: [...where, ...worded(search, query)], isWholeRead: true }
}

/** The list in its order, where too much is found to be sorted. */
function walkOf(query: DeviceQuery, search: SearchQuery | null): Source {
  const { organisationId, sort, tag } = query
  const isByGroup = isOfFewGroups(query)
  const counted =
    search || tag === undefined
      ? null
      : { from: fromTag, where: [...narrowed(query), ...lookedAt(query), ofTag(organisationId, tag)] }
  const where = [...narrowed(query), ...(isByGroup ? inGroups(query) : lookedAt(query))]
  if (search) where.push(sql`id in (${matching(search)})`)
  if (tag !== undefined) where.push(tagged(organisationId, tag))
  if (isByGroup) return { from: fromGroups, where }
  where.push(sql`organisation_id = ${organisationId}`)
  return { from: sql`device indexed by ${sql.ref(ORDERS[sort].index)}`, where, counted }
}

function filters({ status, platform, isOnline, pendingGroupIds }: DeviceQuery): Sql[] {
  const where: Sql[] = []
  if (status !== undefined) where.push(sql`status = ${status}`)
  if (platform !== undefined) where.push(sql`platform = ${platform}`)
  if (isOnline !== undefined) where.push(sql`away = ${isOnline ? 0 : 1}`)
  if (pendingGroupIds !== null) where.push(sql`(status <> 'pending' or ${inList(sql`group_id`, pendingGroupIds)})`)
  return where
}

const inGroups = ({ groupIds }: DeviceQuery): Sql[] => (groupIds === null ? [] : [inList(sql`group_id`, groupIds)])
/** Of a device that is at hand. With the plus SQLite looks its group up in the list; without, it looks the device up in an index once for each group. */
const lookedAt = ({ groupIds }: DeviceQuery): Sql[] => (groupIds === null ? [] : [inList(sql`+group_id`, groupIds)])
const inList = (column: Sql, ids: readonly string[]): Sql =>
  sql`${column} in (select value from json_each(${JSON.stringify(ids)}))`
