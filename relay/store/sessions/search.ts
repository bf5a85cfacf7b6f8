import { type Kysely, type RawBuilder, sql } from 'kysely'
import { searchLine, searchQuery, tokensOf } from '../../domain/records/search-tokens.ts'
import type { Tables } from '../tables.ts'

/** So many are looked at one by one; of more, a page is found sooner by walking the list in its order. */
const CANDIDATES_MAX = 1_000

type Sql = RawBuilder<unknown>

/** Takes away what a session is found by, for it to be made anew. */
export async function forgetSession(db: Kysely<Tables>, sessionId: string): Promise<void> {
  const row = await db
    .deleteFrom('session_search')
    .where('session_id', '=', sessionId)
    .returning('number')
    .executeTakeFirst()
  if (row) await sql`delete from session_fts where rowid = ${row.number}`.execute(db)
  await db.updateTable('session').set({ is_indexed: 0 }).where('id', '=', sessionId).execute()
}

/** Makes the session found by who has it, with which device, why, under which ticket and by its note, as these are called now. */
export async function indexSession(db: Kysely<Tables>, sessionId: string): Promise<void> {
  const row = await db
    .selectFrom('session')
    .innerJoin('device', 'device.id', 'session.device_id')
    .innerJoin('user', 'user.id', 'session.operator_id')
    .select(['session.organisation_id', 'session.reason', 'session.ticket', 'session.note', 'device.name as device'])
    .select(['user.name as operator', 'user.email'])
    .where('session.id', '=', sessionId)
    .where('session.is_indexed', '=', 0)
    .executeTakeFirst()
  if (!row) return
  const text = searchLine([row.device, row.operator, row.email, row.ticket, row.reason, sessionId, row.note])
  const { number } = await db
    .insertInto('session_search')
    .values({ session_id: sessionId, text })
    .returning('number')
    .executeTakeFirstOrThrow()
  const tokens = tokensOf(row.organisation_id, text).join(' ')
  await sql`insert into session_fts (rowid, tokens) values (${number}, ${tokens})`.execute(db)
  await db.updateTable('session').set({ is_indexed: 1 }).where('id', '=', sessionId).execute()
}

/** What the organisation's sessions that have every word of `text` fulfil; null where there can't be any. A text without words is every session's. */
export async function sessionsMatching(db: Kysely<Tables>, organisationId: string, text: string): Promise<Sql | null> {
  const own = sql`session.organisation_id = ${organisationId}`
  const search = searchQuery(organisationId, text)
  if (!search) return own
  const all = search.tokens.map(token => `"${token}"`).join(' AND ')
  const whole = search.words.map(word => sql` and instr(text, ${word}) > 0`)
  const matching = sql`select session_id from session_fts cross join session_search on number = session_fts.rowid
    where session_fts match ${all}${whole.length > 0 ? sql.join(whole, sql``) : sql``}`
  const { rows } = await sql<{ session_id: string }>`${matching} limit ${CANDIDATES_MAX + 1}`.execute(db)
  if (rows.length === 0) return null
  if (rows.length > CANDIDATES_MAX) return sql`${own} and session.id in (${matching})`
  const ids = JSON.stringify(rows.map(({ session_id }) => session_id))
  // The plus keeps SQLite from walking the organisation's list after all.
  return sql`session.id in (select value from json_each(${ids})) and +session.organisation_id = ${organisationId}`
}
