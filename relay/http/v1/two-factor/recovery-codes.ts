import { recoveryCodesReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/two-factor/recovery-codes */
export const newRecoveryCodes = ({ twoFactor }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/two-factor/recovery-codes',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: true, apiKey: null },
    reply: recoveryCodesReplySchema,
    handle: async ({ login }) => ({ recoveryCodes: await twoFactor.regenerate(login.principal) }),
  })
