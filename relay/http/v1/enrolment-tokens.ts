import {
  enrolmentTokenBodySchema,
  enrolmentTokenReplySchema,
  enrolmentTokensReplySchema,
} from '#protocol/enrolment-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/enrolment-tokens */
export const enrolmentTokens = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/enrolment-tokens',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: enrolmentTokensReplySchema,
    handle: async ({ login: { principal } }) => ({
      tokens: await services.enrolmentTokens.list({ kind: 'person', principal }),
    }),
  })

/** POST /v1/enrolment-tokens */
export const createEnrolmentToken = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/enrolment-tokens',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 60, stepUp: true, apiKey: null },
    body: enrolmentTokenBodySchema,
    reply: enrolmentTokenReplySchema,
    handle: ({ body, login: { principal } }) => services.enrolmentTokens.create({ kind: 'person', principal }, body),
  })
