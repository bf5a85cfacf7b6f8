import { securityReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** GET /v1/me/security */
export const security = ({ people }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/me/security',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: null },
    reply: securityReplySchema,
    handle: async ({ login }) => ({
      ...(await people.self(login.principal)),
      authenticatedAtMs: login.authenticatedAtMs,
    }),
  })
