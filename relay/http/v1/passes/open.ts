import { z } from 'zod'
import { openPassReplySchema } from '#protocol/http.ts'
import { passIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/passes/:passId/open */
export const openPass = ({ passes }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/passes/:passId/open',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: false, apiKey: null },
    params: z.object({ passId: passIdSchema }),
    reply: openPassReplySchema,
    handle: ({ params, login }) => passes.open(login.principal, params.passId),
  })
