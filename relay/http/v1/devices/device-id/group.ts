import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { deviceGroupBodySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** PUT /v1/devices/:deviceId/group */
export const moveDevice = (services: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/devices/:deviceId/group',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 300, stepUp: false, apiKey: 'devices:write' },
    params: z.object({ deviceId: deviceIdSchema }),
    body: deviceGroupBodySchema,
    handle: async ({ params, body, login }) => {
      await services.groups.moveDevice(login.principal, params.deviceId, body.groupId)
      return undefined
    },
  })
