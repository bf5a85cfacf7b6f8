import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { watchBodySchema, watchReplySchema } from '#protocol/tools/watch/http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

const params = z.object({ sessionId: sessionIdSchema })

/** POST /v1/sessions/:sessionId/watch */
export const beginWatch = ({ watches }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions/:sessionId/watch',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: true, apiKey: null },
    params,
    body: watchBodySchema,
    reply: watchReplySchema,
    handle: ({ params: { sessionId }, body, login }) =>
      watches.begin(login.principal, sessionId, body.key, body.sealKey),
  })

/** DELETE /v1/sessions/:sessionId/watch */
export const endWatch = ({ watches }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/sessions/:sessionId/watch',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    params,
    handle: async ({ params: { sessionId }, login }) => {
      await watches.end(login.principal, sessionId)
      return undefined
    },
  })
