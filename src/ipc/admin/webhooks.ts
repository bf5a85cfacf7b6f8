import { z } from 'zod'
import { webhookDeliveryIdSchema, webhookIdSchema } from '#protocol/ids.ts'
import {
  deliveriesQuerySchema,
  deliveriesReplySchema,
  deliveryReplySchema,
  failedDeliveriesQuerySchema,
  failedDeliveriesReplySchema,
  replayFailedBodySchema,
  replayFailedReplySchema,
  webhookBodySchema,
  webhookReplySchema,
  webhooksReplySchema,
} from '#protocol/webhooks-http.ts'
import { wholeList } from './whole-list.ts'

const webhook = z.strictObject({ webhookId: webhookIdSchema })
const { status, cursor } = deliveriesQuerySchema.shape

/** Where events are sent, and what was. A secret comes back once, to be handed on by the person who made it. */
export const webhookCalls = {
  webhooks: { args: z.void(), result: wholeList('webhooks', webhooksReplySchema.shape.webhooks.element) },
  createWebhook: { args: webhookBodySchema, result: webhookReplySchema },
  deleteWebhook: { args: webhook, result: z.void() },
  rotateWebhookSecret: { args: webhook, result: webhookReplySchema },
  pingWebhook: { args: webhook, result: deliveryReplySchema },
  webhookDeliveries: { args: webhook.extend({ status, cursor }), result: deliveriesReplySchema },
  replayDelivery: { args: webhook.extend({ webhookDeliveryId: webhookDeliveryIdSchema }), result: deliveryReplySchema },
  failedDeliveries: { args: failedDeliveriesQuerySchema.omit({ limit: true }), result: failedDeliveriesReplySchema },
  replayFailed: { args: replayFailedBodySchema, result: replayFailedReplySchema },
} as const
