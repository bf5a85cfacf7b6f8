import { operatorCertificateBodySchema } from '#protocol/trust-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

/** POST /v1/organisation-trust/certificates */
export const keepOperatorCertificate = (services: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/organisation-trust/certificates',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 600, stepUp: true, apiKey: null },
    body: operatorCertificateBodySchema,
    handle: async ({ body, login }) => {
      await services.organisationTrust.certify(login.principal, body.certificate)
      return undefined
    },
  })
