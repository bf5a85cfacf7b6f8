import { z } from 'zod'
import { deviceStatusBodySchema } from '#protocol/enrolment-http.ts'
import { deviceIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** PUT /v1/devices/:deviceId/status */
export const setDeviceStatus = (services: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/devices/:deviceId/status',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 300, stepUp: false, apiKey: 'devices:write' },
    params: z.object({ deviceId: deviceIdSchema }),
    body: deviceStatusBodySchema,
    handle: async ({ params, body, login }) => {
      await services.deviceStatuses.set(login.principal, params.deviceId, body.status)
      return undefined
    },
  })
