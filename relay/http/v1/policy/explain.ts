import { explainQuerySchema, explainReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** GET /v1/policy/explain?operatorId=&deviceId= */
export const explainPolicy = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/policy/explain',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    query: explainQuerySchema,
    reply: explainReplySchema,
    handle: ({ query, login }) => services.explanations.explain(login.principal, query.operatorId, query.deviceId),
  })
