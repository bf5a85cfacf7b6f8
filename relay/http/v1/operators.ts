import { operatorBodySchema, operatorReplySchema } from '#protocol/http.ts'
import { operatorsReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { memberRoute } from '../route.ts'

/** GET /v1/operators */
export const operators = ({ people }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/operators',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: 'people:read' },
    reply: operatorsReplySchema,
    handle: async ({ login }) => ({
      operators: (await people.list(login.principal)).map(({ user, ...person }) => ({ ...user, ...person })),
    }),
  })

/** POST /v1/operators */
export const addOperator = ({ accounts }: Services) =>
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
