import { devicesReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/devices */
export const devices = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    reply: devicesReplySchema,
    handle: async ({ login }) => ({ devices: await services.devices.list(login.principal) }),
  })
