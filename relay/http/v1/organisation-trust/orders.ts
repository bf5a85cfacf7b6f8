import { organisationOrderBodySchema } from '#protocol/trust-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/organisation-trust/orders */
export const publishOrganisationOrder = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/organisation-trust/orders',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: organisationOrderBodySchema,
    handle: async ({ body, login }) => {
      await services.organisationTrust.publish(login.principal, body.order)
      return undefined
    },
  })
