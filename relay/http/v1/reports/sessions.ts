import { z } from 'zod'
import { toCsv } from '#protocol/csv.ts'
import { END_REASONS } from '#protocol/session/reasons.ts'
import { type ReportRow, reportQuerySchema, reportReplySchema } from '#protocol/sessions-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

const access = {
  authn: 'bearer',
  authz: 'read-audit',
  limitPerMinute: 60,
  stepUp: false,
  apiKey: 'audit:read',
} as const

/** GET /v1/reports/sessions */
export const sessionReport = ({ sessionReports }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/reports/sessions',
    access,
    query: reportQuerySchema,
    reply: reportReplySchema,
    handle: async ({ query, login }) => ({ rows: await sessionReports.report(login.principal, query) }),
  })

/** GET /v1/reports/sessions.csv. The same as a table */
export const sessionReportCsv = ({ sessionReports }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/reports/sessions.csv',
    access,
    query: reportQuerySchema,
    reply: z.string(),
    textType: 'text/csv; charset=utf-8; header=present',
    handle: async ({ query, login }) =>
      toCsv(HEADER, (await sessionReports.report(login.principal, query)).map(cellsOf)),
  })

const HEADER = [
  ...['day', 'operator', 'email', 'group', 'sessions', 'minutes'],
  ...['consent granted', 'consent denied', 'no answer', 'not asked', 'nobody there'],
  ...END_REASONS,
  'with a note',
]

const cellsOf = ({ day, operator, group, sessions, noted, minutes, consent, outcomes }: ReportRow) => [
  ...[day, operator?.name ?? null, operator?.email ?? null, group?.path ?? null, sessions, minutes],
  ...[consent.granted, consent.denied, consent.noAnswer, consent.notAsked, consent.unattended],
  ...END_REASONS.map(reason => outcomes[reason] ?? 0),
  noted,
]
