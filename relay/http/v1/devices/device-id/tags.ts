import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { deviceTagsBodySchema } from '#protocol/records-http.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** PUT /v1/devices/:deviceId/tags */
export const setDeviceTags = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/devices/:deviceId/tags',
    access: { authn: 'bearer', authz: 'manage-devices', limitPerMinute: 300, stepUp: false, apiKey: 'devices:write' },
    params: z.object({ deviceId: deviceIdSchema }),
    body: deviceTagsBodySchema,
    handle: async ({ params, body, login }) => {
      await deviceRecords.setTags(login.principal, params.deviceId, body.tags)
      return undefined
    },
  })
