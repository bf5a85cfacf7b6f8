import { watchesReplySchema } from '#protocol/tools/watch/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/watches */
export const watches = ({ watches }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/watches',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    reply: watchesReplySchema,
    handle: async ({ login }) => ({ watches: await watches.list(login.principal) }),
  })
