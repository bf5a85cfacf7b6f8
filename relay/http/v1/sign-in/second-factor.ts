import { signInReplySchema } from '#protocol/http.ts'
import { secondFactorBodySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { openRoute } from '../../route.ts'
import { signedInReply } from '../signed-in-reply.ts'

/** POST /v1/sign-in/second-factor */
export const secondFactor = ({ signIn }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/second-factor',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 120 },
    body: secondFactorBodySchema,
    reply: signInReplySchema,
    handle: async ({ body: { ticket, ...answer }, origin }) =>
      signedInReply(await signIn.finish(ticket, answer, origin)),
  })
