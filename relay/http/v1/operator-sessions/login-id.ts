import { z } from 'zod'
import { loginIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/operator-sessions/:loginId */
export const endOperatorSession = ({ logins }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/operator-sessions/:loginId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 60, stepUp: false, apiKey: null },
    params: z.object({ loginId: loginIdSchema }),
    handle: async ({ params, login }) => {
      await logins.end(login, params.loginId)
      return undefined
    },
  })
