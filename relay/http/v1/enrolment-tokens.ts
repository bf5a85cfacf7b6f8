import { enrolmentTokenBodySchema, enrolmentTokenReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** POST /v1/enrolment-tokens */
export const enrolmentTokens = ({ enrolment }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/enrolment-tokens',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    body: enrolmentTokenBodySchema,
    reply: enrolmentTokenReplySchema,
    handle: ({ body, login }) => enrolment.mint(login.principal, body.maxUses, body.expiresInS),
  })
