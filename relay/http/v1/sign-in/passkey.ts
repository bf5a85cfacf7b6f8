import { signInReplySchema } from '#protocol/http.ts'
import { passkeyProofSchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { openRoute } from '../../route.ts'
import { signedInReply } from '../signed-in-reply.ts'

/** POST /v1/sign-in/passkey */
export const passkeySignIn = ({ passkeys }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/passkey',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 60 },
    body: passkeyProofSchema,
    reply: signInReplySchema,
    handle: async ({ body, origin }) => signedInReply(await passkeys.signIn(body, origin)),
  })
