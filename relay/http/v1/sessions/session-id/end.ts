import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/sessions/:sessionId/end. Their own, or with `manage-devices` where its device is */
export const endSession = ({ sessionLog }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/sessions/:sessionId/end',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: 'sessions:write' },
    params: z.object({ sessionId: sessionIdSchema }),
    handle: async ({ params, login }) => {
      await sessionLog.end(login.principal, params.sessionId)
      return undefined
    },
  })
