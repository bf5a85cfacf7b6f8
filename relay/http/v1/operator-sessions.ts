import { z } from 'zod'
import { operatorSessionsReplySchema } from '#protocol/identity-http.ts'
import { pageQuerySchema } from '#protocol/page-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('operator-sessions', z.tuple([z.number(), z.string()]))

/** GET /v1/operator-sessions */
export const operatorSessions = ({ logins }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/operator-sessions',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: operatorSessionsReplySchema,
    handle: async ({ query, login }) => {
      const all = (await logins.list(login)).map(found => ({ ...found, current: found.id === login.id }))
      const { rows, nextCursor } = list.ofAll(all, query, ({ lastSeenAtMs, id }) => [-lastSeenAtMs, id])
      return { operatorSessions: rows, nextCursor }
    },
  })

/** DELETE /v1/operator-sessions. All of the person's but this one */
export const endOtherOperatorSessions = ({ logins }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/operator-sessions',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: false, apiKey: null },
    handle: async ({ login }) => {
      await logins.endOthers(login)
      return undefined
    },
  })
