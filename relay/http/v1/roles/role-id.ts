import { z } from 'zod'
import { roleIdSchema } from '#protocol/ids.ts'
import { roleBodySchema } from '#protocol/policy/http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** PUT /v1/roles/:roleId */
export const changeRole = (services: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/roles/:roleId',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ roleId: roleIdSchema }),
    body: roleBodySchema,
    handle: async ({ params, body, login }) => {
      await services.roles.update(login.principal, params.roleId, body)
      return undefined
    },
  })

/** DELETE /v1/roles/:roleId */
export const deleteRole = (services: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/roles/:roleId',
    access: { authn: 'bearer', authz: 'manage-policy', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ roleId: roleIdSchema }),
    handle: async ({ params, login }) => {
      await services.roles.remove(login.principal, params.roleId)
      return undefined
    },
  })
