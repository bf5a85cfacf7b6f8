import { z } from 'zod'
import { passkeyIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** DELETE /v1/passkeys/:passkeyId */
export const removePasskey = ({ passkeys }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/passkeys/:passkeyId',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: true, apiKey: null },
    params: z.object({ passkeyId: passkeyIdSchema }),
    handle: async ({ params, login }) => {
      await passkeys.remove(login.principal, params.passkeyId)
      return undefined
    },
  })
