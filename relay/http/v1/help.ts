import { helpQueueReplySchema } from '#protocol/help/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/help */
export const helpQueue = ({ help }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/help',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    reply: helpQueueReplySchema,
    handle: async ({ login }) => ({ waiting: await help.queue(login.principal) }),
  })
