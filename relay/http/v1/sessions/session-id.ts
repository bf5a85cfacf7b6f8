import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import { sessionEntryReplySchema } from '#protocol/sessions-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'
import { sessionEntry } from './session-entry.ts'

/** GET /v1/sessions/:sessionId */
export const session = ({ sessionLog }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/sessions/:sessionId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 600, stepUp: false, apiKey: 'sessions:read' },
    params: z.object({ sessionId: sessionIdSchema }),
    reply: sessionEntryReplySchema,
    handle: async ({ params, login }) => ({
      session: sessionEntry(await sessionLog.get(login.principal, params.sessionId)),
      shells: await sessionLog.shells(login.principal, params.sessionId),
    }),
  })
