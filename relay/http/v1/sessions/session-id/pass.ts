import { z } from 'zod'
import { passReplySchema } from '#protocol/http.ts'
import { sessionIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/sessions/:sessionId/pass */
export const sessionPass = ({ passes }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions/:sessionId/pass',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'sessions:write' },
    params: z.object({ sessionId: sessionIdSchema }),
    reply: passReplySchema,
    handle: ({ params, login }) => passes.issue(login.principal, params.sessionId),
  })
