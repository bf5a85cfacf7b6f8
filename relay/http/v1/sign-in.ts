import { signInBodySchema } from '#protocol/http.ts'
import { signInAnswerSchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { openRoute } from '../route.ts'
import { signedInReply } from './signed-in-reply.ts'

/** POST /v1/sign-in. Its own limits count failures; this one only bounds the requests. */
export const signIn = (services: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 120 },
    body: signInBodySchema,
    reply: signInAnswerSchema,
    handle: async ({ body, origin }) => {
      const answer = await services.signIn.signIn(body.email, body.password, origin)
      return 'token' in answer ? signedInReply(answer) : answer
    },
  })
