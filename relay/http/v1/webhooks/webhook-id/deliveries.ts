import { z } from 'zod'
import { webhookDeliveryIdSchema, webhookIdSchema } from '#protocol/ids.ts'
import { deliveriesQuerySchema, deliveriesReplySchema, deliveryReplySchema } from '#protocol/webhooks-http.ts'
import type { Services } from '../../../../services.ts'
import { PagedList } from '../../../page.ts'
import { memberRoute } from '../../../route.ts'

const list = new PagedList('webhook-deliveries', z.tuple([z.number(), z.string()]))

/** GET /v1/webhooks/:webhookId/deliveries */
export const webhookDeliveries = ({ webhooks }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/webhooks/:webhookId/deliveries',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    params: z.object({ webhookId: webhookIdSchema }),
    query: deliveriesQuerySchema,
    reply: deliveriesReplySchema,
    handle: async ({ params, query, login }) => {
      const [createdAtMs, id] = list.after(query) ?? []
      const after = createdAtMs === undefined || id === undefined ? undefined : { createdAtMs, id }
      const filter = { status: query.status, limit: query.limit, after }
      const found = await webhooks.deliveries(login.principal, params.webhookId, filter)
      const { rows, nextCursor } = list.of(found, query, delivery => [delivery.createdAtMs, delivery.id])
      return { deliveries: rows, nextCursor }
    },
  })

/** POST /v1/webhooks/:webhookId/deliveries/:webhookDeliveryId/replay */
export const replayWebhookDelivery = ({ webhooks }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/webhooks/:webhookId/deliveries/:webhookDeliveryId/replay',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ webhookId: webhookIdSchema, webhookDeliveryId: webhookDeliveryIdSchema }),
    reply: deliveryReplySchema,
    handle: async ({ params: { webhookId, webhookDeliveryId }, login }) => ({
      delivery: await webhooks.replay(login.principal, webhookId, webhookDeliveryId),
    }),
  })
