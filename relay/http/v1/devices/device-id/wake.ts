import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { wakeReplySchema } from '#protocol/records-http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/devices/:deviceId/wake */
export const wakeDevice = ({ wake }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/devices/:deviceId/wake',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 20, stepUp: false, apiKey: 'sessions:write' },
    params: z.object({ deviceId: deviceIdSchema }),
    reply: wakeReplySchema,
    handle: ({ params, login }) => wake.wake(login.principal, params.deviceId),
  })
