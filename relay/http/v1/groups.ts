import { z } from 'zod'
import { groupBodySchema, groupReplySchema, groupsQuerySchema, groupsReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('groups', z.tuple([z.string(), z.string()]))

/** GET /v1/groups */
export const groups = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/groups',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    query: groupsQuerySchema,
    reply: groupsReplySchema,
    handle: async ({ query, login }) => {
      const all = await services.groups.list(login.principal)
      const wanted = all.filter(({ parentId }) => query.parentId === undefined || parentId === query.parentId)
      const { rows, nextCursor } = list.ofAll(wanted, query, ({ path, id }) => [path, id])
      return { groups: rows, nextCursor }
    },
  })

/** POST /v1/groups */
export const createGroup = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/groups',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 120, stepUp: false, apiKey: null },
    body: groupBodySchema,
    reply: groupReplySchema,
    handle: ({ body, login }) => services.groups.create(login.principal, body),
  })
