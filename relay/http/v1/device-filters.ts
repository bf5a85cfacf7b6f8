import {
  deviceFilterSchema,
  savedFilterBodySchema,
  savedFilterReplySchema,
  savedFiltersReplySchema,
} from '#protocol/records-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/device-filters: one's own */
export const deviceFilters = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/device-filters',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: null },
    reply: savedFiltersReplySchema,
    handle: async ({ login }) => {
      const saved = await deviceRecords.filters(login.principal)
      const filters = saved.map(({ id, name, filter }) => ({
        id,
        name,
        filter: deviceFilterSchema.parse(JSON.parse(filter)),
      }))
      return { filters }
    },
  })

/** POST /v1/device-filters */
export const saveDeviceFilter = ({ deviceRecords }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/device-filters',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    body: savedFilterBodySchema,
    reply: savedFilterReplySchema,
    handle: ({ body, login }) => deviceRecords.saveFilter(login.principal, body.name, body.filter),
  })
