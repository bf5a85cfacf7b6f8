import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/devices/:deviceId */
export const deleteDevice = ({ deviceSessions }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/devices/:deviceId',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 120, stepUp: false, apiKey: 'devices:write' },
    params: z.object({ deviceId: deviceIdSchema }),
    handle: async ({ params, login }) => {
      await deviceSessions.removeDevice(login.principal, params.deviceId)
      return undefined
    },
  })
