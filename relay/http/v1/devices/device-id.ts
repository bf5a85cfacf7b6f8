import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { deviceReplySchema } from '#protocol/sessions-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** GET /v1/devices/:deviceId */
export const device = ({ devices, read }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices/:deviceId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 600, stepUp: false, apiKey: 'devices:read' },
    params: z.object({ deviceId: deviceIdSchema }),
    reply: deviceReplySchema,
    handle: async ({ params: { deviceId }, login }) => ({
      device: await devices.view(login.principal, deviceId),
      unattendedOff: await read.isUnattendedOff(deviceId),
    }),
  })

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
