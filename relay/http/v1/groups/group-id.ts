import { z } from 'zod'
import { groupIdSchema } from '#protocol/ids.ts'
import { groupChangeBodySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** PATCH /v1/groups/:groupId */
export const changeGroup = (services: Services) =>
  memberRoute({
    method: 'PATCH',
    url: '/v1/groups/:groupId',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 120, stepUp: true, apiKey: null },
    params: z.object({ groupId: groupIdSchema }),
    body: groupChangeBodySchema,
    handle: async ({ params, body, login }) => {
      await services.groups.update(login.principal, params.groupId, body)
      return undefined
    },
  })

/** DELETE /v1/groups/:groupId */
export const deleteGroup = (services: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/groups/:groupId',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 120, stepUp: true, apiKey: null },
    params: z.object({ groupId: groupIdSchema }),
    handle: async ({ params, login }) => {
      await services.groups.remove(login.principal, params.groupId)
      return undefined
    },
  })
