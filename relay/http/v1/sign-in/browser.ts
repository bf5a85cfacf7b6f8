import { ssoStartReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { openRoute } from '../../route.ts'

/** POST /v1/sign-in/browser, which has no body */
export const browserStart = ({ passkeyPage }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/browser',
    access: { authn: 'none', authz: 'anyone', limitPerMinute: 30 },
    reply: ssoStartReplySchema,
    handle: () => passkeyPage.start(),
  })
