import { retentionBodySchema, retentionReplySchema } from '#protocol/retention-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/retention */
export const retention = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/retention',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: retentionReplySchema,
    handle: ({ login }) => services.retention.of(login.principal.organisation.id),
  })

/** PUT /v1/retention */
export const setRetention = (services: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/retention',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: retentionBodySchema,
    reply: retentionReplySchema,
    handle: ({ body, login }) => services.retention.set(login.principal, body),
  })
