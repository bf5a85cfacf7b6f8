import { operatorKeyBodySchema, ownOperatorKeysReplySchema } from '#protocol/trust-http.ts'
import type { Services } from '../../../services.ts'
import { memberRoute } from '../../route.ts'

const access = { authn: 'bearer', authz: 'member', stepUp: false, apiKey: null } as const

/** GET /v1/me/operator-keys */
export const operatorKeys = ({ organisationTrust }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/me/operator-keys',
    access: { ...access, limitPerMinute: 120 },
    reply: ownOperatorKeysReplySchema,
    handle: ({ login }) => organisationTrust.own(login.principal),
  })

/** POST /v1/me/operator-keys */
export const registerOperatorKey = ({ organisationTrust }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/me/operator-keys',
    access: { ...access, limitPerMinute: 30 },
    body: operatorKeyBodySchema,
    handle: async ({ body, login }) => {
      await organisationTrust.register(login.principal, body)
      return undefined
    },
  })
