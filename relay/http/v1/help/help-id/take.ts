import { z } from 'zod'
import { helpTakenReplySchema } from '#protocol/help/http.ts'
import { helpIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/help/:helpId/take */
export const takeHelp = ({ help }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/help/:helpId/take',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ helpId: helpIdSchema }),
    reply: helpTakenReplySchema,
    handle: ({ params, login }) => help.take(login.principal, params.helpId),
  })
