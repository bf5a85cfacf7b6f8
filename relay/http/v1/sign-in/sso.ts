import { ssoStartBodySchema, ssoStartReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { openRoute } from '../../route.ts'

/** POST /v1/sign-in/sso */
export const ssoStart = ({ singleSignOn }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/sso',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 30 },
    body: ssoStartBodySchema,
    reply: ssoStartReplySchema,
    handle: ({ body }) => singleSignOn.start(body.email),
  })
