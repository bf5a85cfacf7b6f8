import { z } from 'zod'
import { devicesQuerySchema, devicesReplySchema } from '#protocol/records-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const part = z.union([z.string().max(500), z.number()])
const keys = z.union([z.tuple([part, part]), z.tuple([part, part, part])])

/** GET /v1/devices */
export const devices = ({ deviceList }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/devices',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    query: devicesQuerySchema,
    reply: devicesReplySchema,
    handle: async ({ query, login: { principal } }) => {
      const { cursor, limit, ...filter } = query
      // A cursor is a place in one order: of another it would say nothing.
      const pages = new PagedList(`devices ${filter.sort ?? 'name'} ${filter.order ?? 'ascending'}`, keys)
      const { found, total } = await deviceList.page(principal, filter, pages.after(query), query)
      const { rows, nextCursor } = pages.of(found, query, ({ key }) => keys.parse(key))
      return { devices: rows.map(({ view }) => view), total, nextCursor }
    },
  })
