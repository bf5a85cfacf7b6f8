import { apiKeyBodySchema, apiKeyReplySchema, apiKeysReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/api-keys */
export const apiKeys = ({ apiKeys: service }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/api-keys',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: apiKeysReplySchema,
    handle: async ({ login }) => ({ apiKeys: await service.list(login.principal) }),
  })

/** POST /v1/api-keys */
export const createApiKey = ({ apiKeys: service }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/api-keys',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: apiKeyBodySchema,
    reply: apiKeyReplySchema,
    handle: ({ body, login }) => service.create(login.principal, body),
  })
