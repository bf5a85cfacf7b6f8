import { passwordResetBodySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { openRoute } from '../../route.ts'

/** POST /v1/sign-in/password-reset */
export const redeemPasswordReset = ({ passwords }: Services) =>
  openRoute({
    method: 'POST',
    url: '/v1/sign-in/password-reset',
    access: { authn: 'body', authz: 'anyone', limitPerMinute: 30 },
    body: passwordResetBodySchema,
    handle: async ({ body: { token, password } }) => {
      await passwords.reset(token, password)
      return undefined
    },
  })
