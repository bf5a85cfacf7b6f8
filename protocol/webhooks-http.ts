import { z } from 'zod'
import { nonBlankLine } from './http.ts'
import { webhookDeliveryIdSchema, webhookIdSchema } from './ids.ts'
import { pageQuery, pageReply } from './page-http.ts'
import { displayLine } from './text.ts'

/** Bodies of the webhook routes. Deliveries are signed as Standard Webhooks say (`webhook-id`, `webhook-timestamp`, `webhook-signature`). */
const epochMs = z.number().int().nonnegative()

export const WEBHOOK_EVENTS = [
  'device.enrolled',
  'device.approved',
  'device.quarantined',
  'device.released',
  'device.moved',
  'device.removed',
  /** It isn't connected and somebody waits for it: for a gateway that reaches it by push, SMS or mail. */
  'device.connect-wanted',
  'session.requested',
  'session.granted',
  'session.connected',
  'session.ended',
  'operator.added',
  'operator.removed',
  'operator.role-changed',
  'enrolment.token-created',
  'enrolment.token-revoked',
  'policy.changed',
] as const
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** POST /v1/webhooks */
export const webhookBodySchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2048),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .min(1)
    .refine(events => new Set(events).size === events.length, 'an event stands twice'),
  description: nonBlankLine(80),
})
const webhookViewSchema = z.object({
  id: webhookIdSchema,
  url: z.string(),
  events: z.array(z.enum(WEBHOOK_EVENTS)),
  description: displayLine(80),
  createdAtMs: epochMs,
  /** Until then deliveries carry a signature of the secret before this one too. */
  oldSecretUntilMs: epochMs.nullable(),
})
/** The secret is in this reply and nowhere else. POST /v1/webhooks/:webhookId/secret has no body and answers alike. */
export const webhookReplySchema = z.object({
  webhook: webhookViewSchema,
  secret: z.string().startsWith('whsec_').max(128),
})
/** GET /v1/webhooks, oldest first */
export const webhooksReplySchema = z.object({ webhooks: z.array(webhookViewSchema).max(200), ...pageReply })

/** GET /v1/webhooks/:webhookId/deliveries, newest first */
export const deliveriesQuerySchema = z.strictObject({
  ...pageQuery,
  status: z.enum(['waiting', 'delivered', 'dead']).optional(),
})
const deliverySchema = z.object({
  id: webhookDeliveryIdSchema,
  /** Of the event: the same for each try and each replay, so that a receiver can tell a repeat. */
  eventId: z.string().max(64),
  type: z.string().max(60),
  createdAtMs: epochMs,
  status: z.enum(['waiting', 'delivered', 'dead']),
  attempts: z.number().int().nonnegative(),
  nextAtMs: epochMs.nullable(),
  /** What the last try ended with. */
  lastStatus: z.number().int().nullable(),
  lastError: displayLine(200).nullable(),
})
export const deliveriesReplySchema = z.object({ deliveries: z.array(deliverySchema).max(200), ...pageReply })

/** GET /v1/failed-deliveries: what didn't arrive, of every receiver, newest first. Given up for good where nothing else is said. */
export const failedDeliveriesQuerySchema = z.strictObject({
  ...pageQuery,
  status: z.enum(['dead', 'retrying']).optional(),
  webhookId: webhookIdSchema.optional(),
})
const failedDeliverySchema = deliverySchema.extend({
  webhook: webhookViewSchema.pick({ id: true, description: true, url: true }),
  /** What the event is about: the id of a device, a session, a person … */
  subject: z.string().max(120),
})
export const failedDeliveriesReplySchema = z.object({
  deliveries: z.array(failedDeliverySchema).max(200),
  ...pageReply,
})
/** POST /v1/failed-deliveries/replay: everything that was given up, or what was for one receiver */
export const replayFailedBodySchema = z.strictObject({ webhookId: webhookIdSchema.optional() })
export const replayFailedReplySchema = z.object({
  replayed: z.number().int().nonnegative(),
  /** It was more than one answer takes: ask again. */
  isMore: z.boolean(),
})
/** POST /v1/webhooks/:webhookId/ping and POST …/deliveries/:webhookDeliveryId/replay have no body. */
export const deliveryReplySchema = z.object({ delivery: deliverySchema })
