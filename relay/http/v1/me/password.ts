import { passwordBodySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/me/password */
export const changePassword = ({ passwords }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/me/password',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: false, apiKey: null },
    body: passwordBodySchema,
    handle: async ({ body: { currentPassword, newPassword }, login, origin }) => {
      await passwords.change(login, currentPassword, newPassword, origin)
      return undefined
    },
  })
