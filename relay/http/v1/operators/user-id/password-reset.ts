import { z } from 'zod'
import { linkReplySchema } from '#protocol/identity-http.ts'
import { userIdSchema } from '#protocol/ids.ts'
import type { Services } from '../../../../services.ts'
import { memberRoute } from '../../../route.ts'

/** POST /v1/operators/:userId/password-reset */
export const makePasswordReset = ({ passwords }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/operators/:userId/password-reset',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    params: z.object({ userId: userIdSchema }),
    reply: linkReplySchema,
    handle: ({ params, login }) => passwords.makeReset(login.principal, params.userId),
  })
