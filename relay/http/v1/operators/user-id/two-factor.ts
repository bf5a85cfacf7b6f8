import { z } from 'zod'
import { userIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** DELETE /v1/operators/:userId/two-factor. For somebody who lost app and codes */
export const disableTotpOf = ({ twoFactor }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/operators/:userId/two-factor',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ userId: userIdSchema }),
    handle: async ({ params, login }) => {
      await twoFactor.disable(login.principal, params.userId)
      return undefined
    },
  })
