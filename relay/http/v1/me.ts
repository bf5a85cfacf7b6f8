import { meReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/me */
export const me = (_services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/me',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: null },
    reply: meReplySchema,
    handle: async ({ login: { principal } }) => ({ user: principal.user, organisation: principal.organisation }),
  })
