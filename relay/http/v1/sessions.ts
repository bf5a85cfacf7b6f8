import { z } from 'zod'
import { sessionBodySchema, sessionReplySchema } from '#protocol/http.ts'
import { MINUTE_MS } from '#protocol/limits.ts'
import { sessionsQuerySchema, sessionsReplySchema } from '#protocol/sessions-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'
import { sessionEntry } from './sessions/session-entry.ts'

const list = new PagedList('sessions', z.tuple([z.number(), z.string()]))

/** GET /v1/sessions */
export const sessions = ({ sessionLog }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/sessions',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'sessions:read' },
    query: sessionsQuerySchema,
    reply: sessionsReplySchema,
    handle: async ({ query, login }) => {
      const [requestedAtMs, id] = list.after(query) ?? []
      const after = requestedAtMs === undefined || id === undefined ? undefined : { requestedAtMs, id }
      const found = await sessionLog.page(login.principal, { ...query, after })
      const { rows, nextCursor } = list.of(found, query, session => [session.requestedAtMs, session.id])
      return { sessions: rows.map(sessionEntry), nextCursor }
    },
  })

/** POST /v1/sessions */
export const requestSession = ({ requests, approvals }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'sessions:write' },
    body: sessionBodySchema,
    reply: sessionReplySchema,
    handle: async ({ body: { unattended, waitMinutes, ...wish }, login }) => {
      const waitMs = waitMinutes === undefined ? undefined : waitMinutes * MINUTE_MS
      const credentialHash = login.tokenHash
      const own = { ...wish, waitMs, credentialHash, sealKey: unattended?.sealKey }
      const session = await requests.create(login.principal, own)
      if (session.state.name === 'awaiting-approval') approvals.announce(login.principal.organisation.id)
      return { session }
    },
  })
