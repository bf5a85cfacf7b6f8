import { passkeyOptionsReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/passkeys/options */
export const passkeyOptions = ({ passkeys }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/passkeys/options',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: true, apiKey: null },
    reply: passkeyOptionsReplySchema,
    handle: ({ login }) => passkeys.startRegistration(login.principal),
  })
