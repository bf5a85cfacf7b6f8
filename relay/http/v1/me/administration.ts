import { administrationReplySchema } from '#protocol/administration-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** GET /v1/me/administration */
export const administration = ({ policies }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/me/administration',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: null },
    reply: administrationReplySchema,
    handle: ({ login: { principal } }) => policies.administration(principal),
  })
