import { z } from 'zod'
import { pageQuerySchema } from '#protocol/page-http.ts'
import { roleBodySchema, roleReplySchema, rolesReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('roles', z.tuple([z.string(), z.string()]))

/** GET /v1/roles */
export const roles = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/roles',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 300, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: rolesReplySchema,
    handle: async ({ query, login }) => {
      const all = await services.roles.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ name, id }) => [name, id])
      return { roles: rows, nextCursor }
    },
  })

/** POST /v1/roles */
export const createRole = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/roles',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 60, stepUp: true, apiKey: null },
    body: roleBodySchema,
    reply: roleReplySchema,
    handle: ({ body, login }) => services.roles.create(login.principal, body),
  })
