import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { toolsReplySchema } from '#protocol/tools/http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** GET /v1/devices/:deviceId/tools */
export const deviceTools = ({ toolGrants }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices/:deviceId/tools',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    params: z.object({ deviceId: deviceIdSchema }),
    reply: toolsReplySchema,
    handle: ({ params, login }) => toolGrants.available(login.principal, params.deviceId),
  })
