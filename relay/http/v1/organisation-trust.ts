import { organisationTrustReplySchema } from '#protocol/trust-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/organisation-trust */
export const organisationTrust = (services: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/organisation-trust',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: null },
    reply: organisationTrustReplySchema,
    handle: ({ login }) => services.organisationTrust.all(login.principal),
  })

/** DELETE /v1/organisation-trust */
export const forgetOrganisationTrust = (services: Services) =>
  memberRoute({
    method: 'DELETE',
    url: '/v1/organisation-trust',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 10, stepUp: true, apiKey: null },
    handle: async ({ login }) => {
      await services.organisationTrust.forget(login.principal)
      return undefined
    },
  })
