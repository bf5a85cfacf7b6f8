import { z } from 'zod'
import { userIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/operators/:userId/sign-out. Ends every sign-in of theirs */
export const signOutOperator = ({ people }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/operators/:userId/sign-out',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ userId: userIdSchema }),
    handle: async ({ params, login }) => {
      await people.signOut(login.principal, params.userId)
      return undefined
    },
  })
