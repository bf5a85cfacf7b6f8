import { type Kysely, sql } from 'kysely'
import type { AuditFilter } from '../../domain/audit.ts'
import type { Tables } from '../tables.ts'

type Db = Kysely<Tables>

/** A clock that goes back by more is a clock that was set; by less, requests that overtook each other. */
export const CLOCK_SET_MS = 60_000
/** Within a stretch no row is older than one before it by more than this. */
const SLACK_MS = 3_600_000
/** Stretches that are looked at apart. A clock that was set more often than that has its oldest ones looked at as one. */
const STRETCHES_MAX = 64

/** Rows of the audit whose sequence is from `first` to before `end`. */
export interface Span {
  readonly first: number
  readonly end: number
}

/**
 * Where an organisation's audit can have rows of a time, newest first. It is written as time goes, but for where the relay's clock was set back: each
 * stretch between two such places is looked at by itself.
 */
export async function spansOf(db: Db, organisationId: string, { fromMs, toMs }: AuditFilter): Promise<Span[]> {
  const whole = { first: 0, end: Number.MAX_SAFE_INTEGER }
  if (fromMs === undefined && toMs === undefined) return [whole]
  const spans: Span[] = []
  for (const stretch of await stretchesOf(db, organisationId)) {
    const place = (atMs: number) => firstAt(db, organisationId, stretch, atMs)
    const first = fromMs === undefined ? stretch.first : await place(fromMs - SLACK_MS)
    const end = toMs === undefined ? stretch.end : await place(toMs + SLACK_MS)
    if (first < end) spans.push({ first, end })
  }
  return spans
}

async function stretchesOf(db: Db, organisationId: string): Promise<Span[]> {
  const { rows } = await sql<{ sequence: number }>`select sequence from audit_clock
    where organisation_id = ${organisationId} order by sequence desc limit ${STRETCHES_MAX - 1}`.execute(db)
  const newest = await sql<{ sequence: number }>`select sequence from audit
    where organisation_id = ${organisationId} order by sequence desc limit 1`.execute(db)
  const ends = [(newest.rows[0]?.sequence ?? 0) + 1, ...rows.map(({ sequence }) => sequence)]
  return ends.map((end, index) => ({ first: ends[index + 1] ?? 0, end }))
}

/** The first row of the stretch that isn't before this time, by halving; the stretch's end where all are. */
async function firstAt(db: Db, organisationId: string, { first, end }: Span, atMs: number): Promise<number> {
  let [low, high] = [first, end]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { rows } = await sql<{ sequence: number; at_ms: number }>`select sequence, at_ms from audit
      where organisation_id = ${organisationId} and sequence >= ${middle} and sequence < ${high} order by sequence limit 1`.execute(
      db,
    )
    const [row] = rows
    if (row === undefined || row.at_ms >= atMs) high = middle
    else low = row.sequence + 1
  }
  return high
}
