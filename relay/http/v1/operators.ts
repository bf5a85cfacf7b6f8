import { operatorBodySchema, operatorReplySchema } from '#protocol/http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** POST /v1/operators */
export const operators = ({ accounts }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/operators',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 60, stepUp: true, apiKey: null },
    body: operatorBodySchema,
    reply: operatorReplySchema,
    handle: async ({ body: { role, ...account }, login }) => ({
      user: await accounts.add(login.principal, account, role),
    }),
  })
