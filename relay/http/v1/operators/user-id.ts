import { z } from 'zod'
import { operatorChangeBodySchema } from '#protocol/identity-http.ts'
import { userIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** PATCH /v1/operators/:userId */
export const changeOperator = ({ people }: Services) =>
  memberRoute({
    method: 'PATCH',
    url: '/v1/operators/:userId',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ userId: userIdSchema }),
    body: operatorChangeBodySchema,
    handle: async ({ params, body, login }) => {
      await people.setRole(login.principal, params.userId, body.role)
      return undefined
    },
  })

/** DELETE /v1/operators/:userId */
export const removeOperator = ({ people }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/operators/:userId',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ userId: userIdSchema }),
    handle: async ({ params, login }) => {
      await people.remove(login.principal, params.userId)
      return undefined
    },
  })
