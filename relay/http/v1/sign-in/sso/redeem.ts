import { ssoRedeemBodySchema, ssoRedeemReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../../services.ts'
import { openRoute } from '../../../route.ts'
import { signedInReply } from '../../signed-in-reply.ts'

/** POST /v1/sign-in/sso/redeem */
export const ssoRedeem = ({ browserFlows }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/sso/redeem',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 120 },
    body: ssoRedeemBodySchema,
    reply: ssoRedeemReplySchema,
    handle: async ({ body, origin }) => {
      const answer = await browserFlows.redeem(body.ticket, body.code, origin)
      return 'token' in answer ? signedInReply(answer) : answer
    },
  })
