import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { furtherBodySchema } from '#protocol/sessions-http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/sessions/:sessionId/scopes */
export const sessionScopes = ({ furtherScopes }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions/:sessionId/scopes',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'sessions:write' },
    params: z.object({ sessionId: sessionIdSchema }),
    body: furtherBodySchema,
    handle: async ({ params, body, login }) => {
      await furtherScopes.ask(login.principal, params.sessionId, body.scopes)
      return undefined
    },
  })
