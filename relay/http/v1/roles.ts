import { roleBodySchema, roleReplySchema, rolesReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/roles */
export const roles = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/roles',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 300, stepUp: false, apiKey: null },
    reply: rolesReplySchema,
    handle: async ({ login }) => ({ roles: await services.roles.list(login.principal) }),
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
