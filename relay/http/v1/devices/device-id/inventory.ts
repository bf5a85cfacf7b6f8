import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { deviceInventoryReplySchema } from '#protocol/records-http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** GET /v1/devices/:deviceId/inventory: what it said last that it is made of */
export const deviceInventory = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices/:deviceId/inventory',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    params: z.object({ deviceId: deviceIdSchema }),
    reply: deviceInventoryReplySchema,
    handle: ({ params, login }) => deviceRecords.inventory(login.principal, params.deviceId),
  })
