import { stepUpBodySchema, stepUpReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/me/step-up */
export const stepUp = ({ stepUp: service }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/me/step-up',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    body: stepUpBodySchema,
    reply: stepUpReplySchema,
    handle: async ({ body, login, origin }) => ({ authenticatedAtMs: await service.confirm(login, body, origin) }),
  })
