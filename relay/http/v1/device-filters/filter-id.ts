import { z } from 'zod'
import { savedFilterIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/device-filters/:filterId */
export const removeDeviceFilter = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/device-filters/:filterId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ filterId: savedFilterIdSchema }),
    handle: async ({ params, login }) => {
      await deviceRecords.removeFilter(login.principal, params.filterId)
      return undefined
    },
  })
