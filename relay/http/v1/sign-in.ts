import { signInBodySchema, signInReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { addressKey } from '../client-address.ts'
import { openRoute } from '../route.ts'

/** POST /v1/sign-in. Its own limits count failures; this one only bounds the requests. */
export const signIn = (services: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 120 },
    body: signInBodySchema,
    reply: signInReplySchema,
    handle: async ({ body, address }) => {
      const { token, principal } = await services.signIn.signIn(body.email, body.password, addressKey(address))
      return { token, user: principal.user, organisation: principal.organisation }
    },
  })
