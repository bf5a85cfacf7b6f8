import { z } from 'zod'
import { errorCodeSchema } from './errors.ts'
import { deviceIdSchema, groupIdSchema, sessionIdSchema, userIdSchema } from './ids.ts'
import { pageQuery, pageReply } from './page-http.ts'
import { sessionNoteSchema } from './session/note.ts'
import { endReasonSchema } from './session/reasons.ts'
import { furtherScopesSchema, scopeSchema, scopesSchema } from './session/scopes.ts'
import { sessionStateSchema } from './session/state.ts'
import { unaskedCauseSchema } from './session/unasked.ts'
import { displayLine } from './text.ts'
import { toolSchema } from './tools/tools.ts'
import { deviceViewSchema, userViewSchema } from './wire/views.ts'

/** Bodies of the routes about sessions, whoever has them: list, look, end, and whether one could begin. */
const epochMs = z.number().int().nonnegative()
const epochMsQuery = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** GET /v1/devices/:deviceId */
export const deviceReplySchema = z.object({
  device: deviceViewSchema,
  /** Too many wrong passwords: it takes no session without a person until somebody who manages it allows that again. */
  unattendedOff: z.boolean(),
})

/** GET /v1/sessions, newest first. `fromMs` is in, `toMs` is out. */
export const sessionsQuerySchema = z.strictObject({
  ...pageQuery,
  /** `queued`: requests that wait for a device that is offline. */
  state: z.enum(['open', 'queued', 'closed', 'all']).default('all'),
  /** Every word of it is in the names of device or operator, the reason, the ticket or the note. */
  q: z.string().max(100).optional(),
  deviceId: deviceIdSchema.optional(),
  operatorId: userIdSchema.optional(),
  groupId: groupIdSchema.optional(),
  fromMs: epochMsQuery.optional(),
  toMs: epochMsQuery.optional(),
})
export type SessionsQuery = z.infer<typeof sessionsQuerySchema>

const sessionEntrySchema = z.object({
  id: sessionIdSchema,
  deviceId: deviceIdSchema,
  deviceName: displayLine(64),
  groupId: groupIdSchema,
  operator: userViewSchema,
  reason: displayLine(200),
  ticket: displayLine(60).nullable(),
  scopes: scopesSchema,
  state: sessionStateSchema,
  stateSinceMs: epochMs,
  requestedAtMs: epochMs,
  /** Why the person wasn't asked; null where they were, or would have been. */
  unasked: unaskedCauseSchema.nullable(),
  /** The person's "yes", or when it began without. */
  grantedAtMs: epochMs.nullable(),
  /** The first picture. */
  connectedAtMs: epochMs.nullable(),
  endedAtMs: epochMs.nullable(),
  /** Its operator's. */
  note: sessionNoteSchema.nullable(),
})
export type SessionEntry = z.infer<typeof sessionEntrySchema>
export const sessionsReplySchema = z.object({ sessions: z.array(sessionEntrySchema).max(200), ...pageReply })
/** A terminal of a session: which of the recordings on its device is its. What it shows is the device's alone. */
const sessionShellSchema = z.object({
  atMs: epochMs,
  tool: toolSchema,
  /** The program of a shell, or the name of the script that ran in it. */
  what: displayLine(120),
  recording: displayLine(80),
})
export type SessionShell = z.infer<typeof sessionShellSchema>
export const SESSION_SHELLS_MAX = 200
/** GET /v1/sessions/:sessionId. POST /v1/sessions/:sessionId/end has no body. */
export const sessionEntryReplySchema = z.object({
  session: sessionEntrySchema,
  /** The first ones, in their order. */
  shells: z.array(sessionShellSchema).max(SESSION_SHELLS_MAX),
})

/** POST /v1/sessions/:sessionId/scopes: what the person at the device is asked for on top of what the session has. */
export const furtherBodySchema = z.strictObject({ scopes: furtherScopesSchema })

/** GET /v1/devices/:deviceId/eligibility?operatorId=&scopes=view,control: oneself and everything, unless said otherwise. */
export const eligibilityQuerySchema = z.strictObject({
  operatorId: userIdSchema.optional(),
  scopes: z
    .string()
    .max(200)
    .transform(text => text.split(','))
    .pipe(scopesSchema)
    .optional(),
})
export const eligibilityReplySchema = z.object({
  deviceId: deviceIdSchema,
  operatorId: userIdSchema,
  /** Whether a request made now would be taken. */
  eligible: z.boolean(),
  /** Why not, as the request would be refused. */
  code: errorCodeSchema.nullable(),
  /** The line that decides, in words. */
  reason: z.string().max(500),
  /** What of the wished scopes a request would get, and which line takes each of the others. */
  scopes: z.array(scopeSchema),
  denied: z.array(z.object({ scope: scopeSchema, line: z.string() })),
  /** A request for a device that is offline waits for it. */
  online: z.boolean(),
  consentSeconds: z.number().int().nullable(),
})
export type EligibilityReply = z.infer<typeof eligibilityReplySchema>

/** GET /v1/reports/sessions: days are those of the offset from UTC. */
export const REPORT_DIMENSIONS = ['day', 'operator', 'group'] as const
const REPORT_DAYS_MAX = 366
const dimensions = z
  .array(z.enum(REPORT_DIMENSIONS))
  .min(1)
  .refine(list => new Set(list).size === list.length, 'a dimension stands twice')
export const reportQuerySchema = z
  .strictObject({
    fromMs: epochMsQuery,
    toMs: epochMsQuery,
    by: z
      .string()
      .max(40)
      .default('day')
      .transform(text => text.split(','))
      .pipe(dimensions),
    utcOffsetMinutes: z.coerce.number().int().min(-840).max(840).default(0),
  })
  .refine(({ fromMs, toMs }) => fromMs < toMs, 'fromMs must be before toMs')
  .refine(({ fromMs, toMs }) => toMs - fromMs <= REPORT_DAYS_MAX * 86_400_000, `at most ${REPORT_DAYS_MAX} days`)
export type ReportQuery = z.infer<typeof reportQuerySchema>

const count = z.number().int().nonnegative()
const reportRowSchema = z.object({
  day: z.iso.date().nullable(),
  operator: userViewSchema.nullable(),
  group: z.object({ id: groupIdSchema, path: z.string() }).nullable(),
  sessions: count,
  /** Of these, such as have a note of their operator's. */
  noted: count,
  /** Of these, such as had a picture. */
  connected: count,
  /** With a picture, from the first one to the end. */
  minutes: z.number().nonnegative(),
  /** Of those that are over, by how they ended. */
  outcomes: z.partialRecord(endReasonSchema, count),
  /**
   * What the people said who were asked. `noAnswer`: the time ran out. `notAsked`: it was over before, nobody was signed in, or the policy wanted no
   * answer. `unattended`: sessions that are for devices without a person.
   */
  consent: z.object({ granted: count, denied: count, noAnswer: count, notAsked: count, unattended: count }),
})
export type ReportRow = z.infer<typeof reportRowSchema>
export const reportReplySchema = z.object({ rows: z.array(reportRowSchema).max(20_000) })
