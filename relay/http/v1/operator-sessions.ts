import { operatorSessionsReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/operator-sessions */
export const operatorSessions = ({ logins }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/operator-sessions',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: operatorSessionsReplySchema,
    handle: async ({ login }) => ({
      operatorSessions: (await logins.list(login)).map(found => ({ ...found, current: found.id === login.id })),
    }),
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
