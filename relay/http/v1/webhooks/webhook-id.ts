import { z } from 'zod'
import { webhookIdSchema } from '#protocol/ids.ts'
import { deliveryReplySchema, webhookReplySchema } from '#protocol/webhooks-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

const params = z.object({ webhookId: webhookIdSchema })

/** DELETE /v1/webhooks/:webhookId */
export const removeWebhook = ({ webhooks }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/webhooks/:webhookId',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    params,
    handle: async ({ params: { webhookId }, login }) => {
      await webhooks.remove(login.principal, webhookId)
      return undefined
    },
  })

/** POST /v1/webhooks/:webhookId/secret */
export const rotateWebhookSecret = ({ webhooks }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/webhooks/:webhookId/secret',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    params,
    reply: webhookReplySchema,
    handle: ({ params: { webhookId }, login }) => webhooks.rotate(login.principal, webhookId),
  })

/** POST /v1/webhooks/:webhookId/ping */
export const pingWebhook = ({ webhooks }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/webhooks/:webhookId/ping',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: false, apiKey: null },
    params,
    reply: deliveryReplySchema,
    handle: async ({ params: { webhookId }, login }) => ({ delivery: await webhooks.ping(login.principal, webhookId) }),
  })
