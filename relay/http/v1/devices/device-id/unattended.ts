import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** PUT /v1/devices/:deviceId/unattended: allowed again after too many wrong passwords. */
export const allowUnattended = ({ deviceAccess }: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/devices/:deviceId/unattended',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 20, stepUp: true, apiKey: null },
    params: z.object({ deviceId: deviceIdSchema }),
    handle: async ({ params, login }) => {
      await deviceAccess.allow(login.principal, params.deviceId)
      return undefined
    },
  })
