import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { pageQuerySchema } from '#protocol/page-http.ts'
import { devicePresenceReplySchema } from '#protocol/records-http.ts'
import type { Services } from '../../../../services.ts'
import { PagedList } from '../../../page.ts'
import { memberRoute } from '../../../route.ts'

const pages = new PagedList('device presence', z.tuple([z.number().int()]))

/** GET /v1/devices/:deviceId/presence: when it was connected, newest first */
export const devicePresence = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices/:deviceId/presence',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    params: z.object({ deviceId: deviceIdSchema }),
    query: pageQuerySchema,
    reply: devicePresenceReplySchema,
    handle: async ({ params: { deviceId }, query, login }) => {
      const found = await deviceRecords.presence(login.principal, deviceId, pages.after(query)?.[0], query.limit + 1)
      const { rows, nextCursor } = pages.of(found, query, ({ id }) => [id])
      return { spans: rows, nextCursor }
    },
  })
