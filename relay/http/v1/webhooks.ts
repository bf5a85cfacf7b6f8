import { z } from 'zod'
import { pageQuerySchema } from '#protocol/page-http.ts'
import { webhookBodySchema, webhookReplySchema, webhooksReplySchema } from '#protocol/webhooks-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('webhooks', z.tuple([z.number(), z.string()]))

/** GET /v1/webhooks */
export const webhooks = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/webhooks',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: webhooksReplySchema,
    handle: async ({ query, login }) => {
      const all = await services.webhooks.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ createdAtMs, id }) => [createdAtMs, id])
      return { webhooks: rows, nextCursor }
    },
  })

/** POST /v1/webhooks */
export const createWebhook = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/webhooks',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: webhookBodySchema,
    reply: webhookReplySchema,
    handle: ({ body, login }) => services.webhooks.create(login.principal, body),
  })
