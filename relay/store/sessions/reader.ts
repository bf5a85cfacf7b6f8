import { sql } from 'kysely'
import { z } from 'zod'
import { endReasonSchema } from '#protocol/session/reasons.ts'
import type { ReportQuery, SessionShell } from '#protocol/sessions-http.ts'
import { toolSchema } from '#protocol/tools/tools.ts'
import { rootGroupId } from '../../domain/policy/built-in.ts'
import type { SessionFilter, SessionHistory, SessionLogReader, SessionSight } from '../../domain/sessions/store.ts'
import { type SessionColumns, toSession } from '../rows.ts'
import { TableReader } from '../table-reader.ts'
import { sessionsMatching } from './search.ts'

/** What devices report of a terminal: a shell's program, or a script's name. */
const shellSchema = z.object({
  ...{ tool: toolSchema, recording: z.string() },
  ...{ program: z.string().optional(), name: z.string().optional() },
})
const REPORT_ROWS_MAX = 20_000

/** The questions about sessions of now and before. */
export class KyselySessionLogReader extends TableReader implements SessionLogReader {
  async history(sessionId: string): Promise<SessionHistory | undefined> {
    const row = await this.#sessions().where('session.id', '=', sessionId).executeTakeFirst()
    return row && toHistory(row)
  }

  async page({ organisationId, userId, groupIds }: SessionSight, filter: SessionFilter): Promise<SessionHistory[]> {
    const { q, state, deviceId, operatorId, groupId, fromMs, toMs, after, limit } = filter
    const matching = await sessionsMatching(this.db, organisationId, q ?? '')
    if (matching === null) return []
    let sessions = this.#sessions().where(sql<boolean>`${matching}`)
    if (groupIds !== null)
      sessions = sessions.where(({ or, eb }) =>
        or([eb('session.operator_id', '=', userId), eb('device.group_id', 'in', groupIds)]),
      )
    if (state === 'queued') sessions = sessions.where('session.state_name', '=', 'queued')
    else if (state !== 'all') sessions = sessions.where('session.state_name', state === 'open' ? '<>' : '=', 'closed')
    if (deviceId !== undefined) sessions = sessions.where('session.device_id', '=', deviceId)
    if (operatorId !== undefined) sessions = sessions.where('session.operator_id', '=', operatorId)
    if (groupId !== undefined) sessions = sessions.where('device.group_id', '=', groupId)
    if (fromMs !== undefined) sessions = sessions.where('session.requested_at_ms', '>=', fromMs)
    if (toMs !== undefined) sessions = sessions.where('session.requested_at_ms', '<', toMs)
    if (after)
      sessions = sessions.where(
        sql<boolean>`(session.requested_at_ms, session.id) < (${after.requestedAtMs}, ${after.id})`,
      )
    const rows = await sessions
      .orderBy('session.requested_at_ms', 'desc')
      .orderBy('session.id', 'desc')
      .limit(limit + 1)
      .execute()
    return rows.map(toHistory)
  }

  async shells(organisationId: string, sessionId: string, limit: number): Promise<SessionShell[]> {
    const rows = await this.db
      .selectFrom('audit')
      .select(['at_ms', 'detail'])
      .where('organisation_id', '=', organisationId)
      .where('subject', '=', sessionId)
      .where('action', 'in', ['tool.shell', 'tool.script'])
      .orderBy('sequence')
      .limit(limit)
      .execute()
    return rows.map(({ at_ms: atMs, detail }) => {
      const { tool, program, name, recording } = shellSchema.parse(JSON.parse(detail))
      return { atMs, tool, what: program ?? name ?? '', recording }
    })
  }

  async unindexed(limit: number): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select id from session indexed by session_unindexed
      where is_indexed = 0 limit ${limit}`.execute(this.db)
    return rows.map(({ id }) => id)
  }

  async counts(organisationId: string, groupIds: readonly string[] | null, query: ReportQuery, nowMs: number) {
    const { fromMs, toMs, by, utcOffsetMinutes } = query
    const day = by.includes('day')
      ? sql<string | null>`date(session.requested_at_ms / 1000 + ${utcOffsetMinutes * 60}, 'unixepoch')`
      : sql<string | null>`null`
    const operator = by.includes('operator') ? sql<string | null>`session.operator_id` : sql<string | null>`null`
    const group = by.includes('group') ? sql<string | null>`session.group_id` : sql<string | null>`null`
    const rows = await this.db
      .with('counted', db =>
        db
          .selectFrom('session')
          .select([day.as('day'), operator.as('operator_id'), group.as('group_id'), 'end_reason'])
          .select(({ fn }) => fn.countAll<number>().as('sessions'))
          .select(
            sql<number>`sum(coalesce(ended_at_ms, ${nowMs}) - coalesce(connected_at_ms, ended_at_ms, ${nowMs}))`.as(
              'ms',
            ),
          )
          .select(sql<number>`count(granted_at_ms) filter (where unasked is null and unattended is null)`.as('granted'))
          .select(sql<number>`count(unattended)`.as('unattended'))
          .select(sql<number>`count(connected_at_ms)`.as('connected'))
          .select(sql<number>`count(note)`.as('noted'))
          .where('session.organisation_id', '=', organisationId)
          .where('session.requested_at_ms', '>=', fromMs)
          .where('session.requested_at_ms', '<', toMs)
          .$if(groupIds !== null, sessions => sessions.where('session.group_id', 'in', groupIds ?? []))
          .groupBy([sql`1`, sql`2`, sql`3`, sql`4`]),
      )
      .selectFrom('counted')
      .leftJoin('user', 'user.id', 'counted.operator_id')
      .selectAll('counted')
      .select(['user.name', 'user.email'])
      .orderBy('counted.day')
      .orderBy('user.name')
      .orderBy('counted.group_id')
      .limit(REPORT_ROWS_MAX)
      .execute()
    return rows.map(row => ({
      day: row.day,
      operator: row.operator_id === null ? null : { id: row.operator_id, name: row.name ?? '', email: row.email ?? '' },
      groupId: row.group_id,
      endReason: endReasonSchema.nullable().parse(row.end_reason),
      sessions: row.sessions,
      connectedMs: Math.max(0, row.ms),
      granted: row.granted,
      unattended: row.unattended,
      connected: row.connected,
      noted: row.noted,
    }))
  }

  #sessions() {
    return this.db
      .selectFrom('session')
      .innerJoin('device', 'device.id', 'session.device_id')
      .innerJoin('user', 'user.id', 'session.operator_id')
      .innerJoin('organisation', 'organisation.id', 'session.organisation_id')
      .selectAll('session')
      .select([
        'device.name as device_name',
        'device.key as device_key',
        'user.name as operator_name',
        'user.email as operator_email',
      ])
      .select(['organisation.name as organisation_name', 'device.group_id as device_group_id'])
  }
}

const toHistory = (row: SessionColumns & { device_group_id: string | null }): SessionHistory => ({
  ...toSession(row),
  groupId: row.device_group_id ?? rootGroupId(row.organisation_id),
  grantedAtMs: row.granted_at_ms,
  connectedAtMs: row.connected_at_ms,
  endedAtMs: row.ended_at_ms,
})
