import { helpCodeBodySchema, helpTakenReplySchema } from '#protocol/help/http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/help/code */
export const redeemHelpCode = ({ help }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/help/code',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: false, apiKey: null },
    body: helpCodeBodySchema,
    reply: helpTakenReplySchema,
    handle: ({ body, login }) => help.redeem(login.principal, body.code),
  })
