import { groupBodySchema, groupReplySchema, groupsReplySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/groups */
export const groups = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/groups',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 300, stepUp: false, apiKey: 'devices:read' },
    reply: groupsReplySchema,
    handle: async ({ login }) => ({ groups: await services.groups.list(login.principal) }),
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
