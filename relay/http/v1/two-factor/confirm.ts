import { recoveryCodesReplySchema, totpConfirmBodySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/two-factor/confirm */
export const confirmTotp = ({ twoFactor }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/two-factor/confirm',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: false, apiKey: null },
    body: totpConfirmBodySchema,
    reply: recoveryCodesReplySchema,
    handle: async ({ body, login }) => ({ recoveryCodes: await twoFactor.confirm(login.principal, body.code) }),
  })
