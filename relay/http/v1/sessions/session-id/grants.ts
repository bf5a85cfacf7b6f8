import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { grantBodySchema, grantReplySchema } from '#protocol/tools/http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/sessions/:sessionId/grants */
export const sessionGrants = ({ toolGrants }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions/:sessionId/grants',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ sessionId: sessionIdSchema }),
    body: grantBodySchema,
    reply: grantReplySchema,
    handle: ({ params, body, login }) => toolGrants.issue(login.principal, params.sessionId, body.tool, body.scriptId),
  })
