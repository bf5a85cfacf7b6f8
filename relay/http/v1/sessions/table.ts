import { z } from 'zod'
import { toCsv } from '#protocol/csv.ts'
import { type SessionEntry, sessionsQuerySchema } from '#protocol/sessions-http.ts'
import type { SessionHistory } from '../../../domain/sessions/store.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'
import { sessionEntry } from './session-entry.ts'

/** So many sessions stand in one table; a narrower question gets the others. */
const ROWS_MAX = 10_000
const PAGE = 200

/** GET /v1/sessions.csv. The list as a table, with each session's note */
export const sessionsCsv = ({ sessionLog }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/sessions.csv',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 10, stepUp: false, apiKey: 'sessions:read' },
    query: sessionsQuerySchema.omit({ limit: true, cursor: true }),
    reply: z.string(),
    textType: 'text/csv; charset=utf-8; header=present',
    handle: async ({ query, login }) => {
      const rows: SessionHistory[] = []
      for (let more = true; more && rows.length < ROWS_MAX; ) {
        const last = rows.at(-1)
        const after = last && { requestedAtMs: last.requestedAtMs, id: last.id }
        const found = await sessionLog.page(login.principal, { ...query, limit: PAGE, after })
        rows.push(...found.slice(0, PAGE))
        more = found.length > PAGE
      }
      return toCsv(HEADER, rows.map(sessionEntry).map(cellsOf))
    },
  })

const HEADER = [
  ...[
    'session',
    'device',
    'operator',
    'email',
    'reason',
    'ticket',
    'scopes',
    'state',
    'end reason',
    'not asked because',
  ],
  ...['asked', 'allowed', 'first picture', 'over', 'note', 'noted', 'note changed'],
]

const cellsOf = (entry: SessionEntry) => [
  ...[entry.id, entry.deviceName, entry.operator.name, entry.operator.email, entry.reason, entry.ticket],
  ...[entry.scopes.join(' '), entry.state.name, 'reason' in entry.state ? entry.state.reason : null, entry.unasked],
  ...[entry.requestedAtMs, entry.grantedAtMs, entry.connectedAtMs, entry.endedAtMs].map(timeOf),
  ...[entry.note?.text ?? null, timeOf(entry.note?.atMs ?? null), timeOf(entry.note?.changedAtMs ?? null)],
]

const timeOf = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString())
