import { z } from 'zod'
import {
  failedDeliveriesQuerySchema,
  failedDeliveriesReplySchema,
  replayFailedBodySchema,
  replayFailedReplySchema,
} from '#protocol/webhooks-http.ts'
import { subjectOf } from '../../domain/webhooks/events.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('failed-deliveries', z.tuple([z.number(), z.string()]))

/** GET /v1/failed-deliveries */
export const failedDeliveries = ({ webhooks }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/failed-deliveries',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: failedDeliveriesQuerySchema,
    reply: failedDeliveriesReplySchema,
    handle: async ({ query, login }) => {
      const [createdAtMs, id] = list.after(query) ?? []
      const after = createdAtMs === undefined || id === undefined ? undefined : { createdAtMs, id }
      const { status = 'dead', webhookId, limit } = query
      const found = await webhooks.failed(login.principal, { status, webhookId, after, limit })
      const { rows, nextCursor } = list.of(found, query, delivery => [delivery.createdAtMs, delivery.id])
      return { deliveries: rows.map(delivery => ({ ...delivery, subject: subjectOf(delivery.payload) })), nextCursor }
    },
  })

/** POST /v1/failed-deliveries/replay */
export const replayFailedDeliveries = ({ webhooks }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/failed-deliveries/replay',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: false, apiKey: null },
    body: replayFailedBodySchema,
    reply: replayFailedReplySchema,
    handle: ({ body, login }) => webhooks.replayFailed(login.principal, body.webhookId),
  })
