import { type Kysely, type RawBuilder, sql } from 'kysely'
import { type AuditFilter, type AuditRow, actorText, deviceActor, userActor } from '../../domain/audit.ts'
import { toAuditRow } from '../rows.ts'
import type { Tables } from '../tables.ts'
import { type Span, spansOf } from './spans.ts'

type Db = Kysely<Tables>

export interface AuditPage {
  readonly organisationId: string
  readonly before: number
  readonly limit: number
  readonly filter: AuditFilter
}

/** A page of an organisation's audit, newest first. Each filter is an index of its own: a rare entry among a million is found without reading them. */
export async function auditPage(db: Db, page: AuditPage): Promise<AuditRow[]> {
  const rows: AuditRow[] = []
  for (const span of await spansOf(db, page.organisationId, page.filter)) {
    if (rows.length >= page.limit) break
    rows.push(...(await rowsOf(db, { ...page, limit: page.limit - rows.length }, span)))
  }
  return rows
}

async function rowsOf(db: Db, { organisationId, before, limit, filter }: AuditPage, span: Span): Promise<AuditRow[]> {
  let rows = db
    .selectFrom('audit')
    .select(['sequence', 'at_ms', 'actor', 'action', 'subject', 'detail'])
    .where('organisation_id', '=', organisationId)
    .where('sequence', '<', Math.min(before, span.end))
    .where('sequence', '>=', span.first)
  const { action, person, deviceId, fromMs, toMs } = filter
  if (action !== undefined) rows = rows.where('action', '=', action)
  if (person !== undefined) rows = rows.where(sql<boolean>`sequence in (${doneBy(organisationId, person)})`)
  if (deviceId !== undefined) rows = rows.where(sql<boolean>`sequence in (${about(organisationId, deviceId)})`)
  if (fromMs !== undefined) rows = rows.where('at_ms', '>=', fromMs)
  if (toMs !== undefined) rows = rows.where('at_ms', '<', toMs)
  return (await rows.orderBy('sequence', 'desc').limit(limit).execute()).map(toAuditRow)
}

/** "user ADDRESS" and "user ADDRESS by key …" are next to each other in the index: only a space is less than what may go on an address. */
function doneBy(organisationId: string, email: string): RawBuilder<unknown> {
  const actor = actorText(userActor({ id: '', email: email.toLowerCase() }))
  return sql`select sequence from audit where organisation_id = ${organisationId} and actor >= ${actor} and actor < ${`${actor}!`}`
}

function about(organisationId: string, deviceId: string): RawBuilder<unknown> {
  return sql`select sequence from audit where organisation_id = ${organisationId} and actor = ${actorText(deviceActor(deviceId))}
    union all
    select sequence from audit where organisation_id = ${organisationId}
      and subject in (select ${deviceId} union all select id from session where device_id = ${deviceId})`
}
