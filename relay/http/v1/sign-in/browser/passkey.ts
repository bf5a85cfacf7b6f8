import { browserPasskeyBodySchema, browserPasskeyReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../../services.ts'
import { openRoute } from '../../../route.ts'

/** POST /v1/sign-in/browser/passkey. The code in the answer is worth nothing without the app that began. */
export const browserPasskey = ({ passkeyPage }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/browser/passkey',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 60 },
    body: browserPasskeyBodySchema,
    reply: browserPasskeyReplySchema,
    handle: ({ body, origin }) => passkeyPage.complete(body.state, body.proof, origin),
  })
