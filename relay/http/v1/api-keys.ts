import { z } from 'zod'
import { apiKeyBodySchema, apiKeyReplySchema, apiKeysReplySchema } from '#protocol/identity-http.ts'
import { pageQuerySchema } from '#protocol/page-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('api-keys', z.tuple([z.number(), z.string()]))

/** GET /v1/api-keys */
export const apiKeys = ({ apiKeys: service }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/api-keys',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: apiKeysReplySchema,
    handle: async ({ query, login }) => {
      const all = await service.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ createdAtMs, id }) => [-createdAtMs, id])
      return { apiKeys: rows, nextCursor }
    },
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
