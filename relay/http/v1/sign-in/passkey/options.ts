import { passkeyOptionsReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../../services.ts'
import { openRoute } from '../../../route.ts'

/** POST /v1/sign-in/passkey/options. It names nobody */
export const passkeySignInOptions = ({ passkeys }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/passkey/options',
    access: { authn: 'none', authz: 'anyone', limitPerMinute: 60 },
    reply: passkeyOptionsReplySchema,
    handle: () => passkeys.startSignIn(),
  })
