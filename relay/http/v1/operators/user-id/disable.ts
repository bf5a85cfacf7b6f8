import { z } from 'zod'
import { userIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

const params = z.object({ userId: userIdSchema })

/** POST /v1/operators/:userId/disable. Without step-up: to shut somebody out must never wait. */
export const disableOperator = ({ people }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/operators/:userId/disable',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: false, apiKey: null },
    params,
    handle: async ({ params: { userId }, login }) => {
      await people.setDisabled(login.principal, userId, true)
      return undefined
    },
  })

/** POST /v1/operators/:userId/enable */
export const enableOperator = ({ people }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/operators/:userId/enable',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    params,
    handle: async ({ params: { userId }, login }) => {
      await people.setDisabled(login.principal, userId, false)
      return undefined
    },
  })
