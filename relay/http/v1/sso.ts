import { ssoBodySchema, ssoReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/sso */
export const ssoProvider = ({ providers }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/sso',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: ssoReplySchema,
    handle: async ({ login }) => ({
      provider: await providers.get(login.principal),
      redirectUri: providers.redirectUri(),
    }),
  })

/** PUT /v1/sso */
export const setSsoProvider = ({ providers }: Services) =>
  memberRoute({
    method: 'PUT',
    url: '/v1/sso',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: ssoBodySchema,
    handle: async ({ body, login }) => {
      await providers.set(login.principal, body)
      return undefined
    },
  })

/** DELETE /v1/sso */
export const removeSsoProvider = ({ providers }: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/sso',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    handle: async ({ login }) => {
      await providers.remove(login.principal)
      return undefined
    },
  })
