import { z } from 'zod'
import { sessionIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** DELETE /v1/sessions/:sessionId/passes. Of their own, or with `manage-devices` where its device is */
export const revokePasses = ({ passes }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/sessions/:sessionId/passes',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: 'sessions:write' },
    params: z.object({ sessionId: sessionIdSchema }),
    handle: async ({ params, login }) => {
      await passes.revoke(login.principal, params.sessionId)
      return undefined
    },
  })
