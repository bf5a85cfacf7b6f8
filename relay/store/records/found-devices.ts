import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { SearchQuery } from '../../domain/records/search-tokens.ts'
import type { DeviceQuery } from '../../domain/records/store.ts'
import type { Tables } from '../tables.ts'

/** So many devices of a tag are looked at one by one; of more, a page is found sooner by walking the list in its order. */
export const TAGGED_MAX = 1_000
/** Among so few devices, of a tag or of somebody's groups, the words are looked for in each of them. */
export const FEW_MAX = 2_000

export type Db = Kysely<Tables>
export type Sql = RawBuilder<unknown>

/** Rows as one index gives them. */
export interface Rows {
  readonly from: Sql
  readonly where: readonly Sql[]
}

export const ofTag = (organisationId: string, tag: string): Sql =>
  sql`device_tag.organisation_id = ${organisationId} and device_tag.tag = ${tag}`
/** Devices by the tag's index; `ofTag` says which. */
export const fromTag = sql`device_tag cross join device indexed by device_by_id on device.id = device_tag.device_id`

export const tagged = (organisationId: string, tag: string, id = 'device.id'): Sql =>
  sql`exists (select 1 from device_tag where organisation_id = ${organisationId} and tag = ${tag} and device_tag.device_id = ${sql.ref(id)})`

/** The question for who has every word and the tag; null where nothing is looked for, or the tag alone is too many's. */
export async function candidatesOf(
  db: Db,
  { organisationId, tag }: DeviceQuery,
  search: SearchQuery | null,
): Promise<Sql | null> {
  const withTag = ofTag(organisationId, tag ?? '')
  const isRare = (max: number) => areFew(db, sql`device_tag`, [withTag], max)
  if (search === null) {
    if (tag === undefined || !(await isRare(TAGGED_MAX))) return null
    return sql`select device_id from device_tag where ${withTag}`
  }
  if (tag === undefined) return matching(search)
  if (search.isWhole && (await isRare(FEW_MAX)))
    return sql`select device_tag.device_id from device_tag
      cross join device_search on device_search.device_id = device_tag.device_id where ${withTag}${holding(search)}`
  return sql`${matching(search)} and ${tagged(organisationId, tag, 'device_search.device_id')}`
}

export async function areFew(db: Db, from: Sql, where: readonly Sql[], max: number): Promise<boolean> {
  return (await countOf(db, { from, where }, max + 1)) <= max
}

/** For a device that is at hand: that it has every word, and the tag. */
export const worded = (search: SearchQuery, { organisationId, tag }: DeviceQuery): Sql[] => [
  sql`exists (select 1 from device_search where device_search.device_id = device.id${holding(search)})`,
  ...(tag === undefined ? [] : [tagged(organisationId, tag)]),
]

export function matching(search: SearchQuery): Sql {
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

export async function countOf(db: Db, { from, where }: Rows, max: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from
    (select 1 from ${from} where ${sql.join(where, sql` and `)} limit ${max})`.execute(db)
  return rows[0]?.count ?? 0
}
