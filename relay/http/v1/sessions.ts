import { sessionBodySchema, sessionReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** POST /v1/sessions */
export const sessions = ({ requests }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'sessions:write' },
    body: sessionBodySchema,
    reply: sessionReplySchema,
    handle: async ({ body, login }) => ({ session: await requests.create(login.principal, body) }),
  })
