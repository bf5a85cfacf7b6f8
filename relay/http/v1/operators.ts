import { z } from 'zod'
import { operatorBodySchema, operatorReplySchema } from '#protocol/http.ts'
import { operatorsQuerySchema, operatorsReplySchema } from '#protocol/identity-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('operators', z.tuple([z.string(), z.string()]))

/** GET /v1/operators */
export const operators = ({ people }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/operators',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 120, stepUp: false, apiKey: 'people:read' },
    query: operatorsQuerySchema,
    reply: operatorsReplySchema,
    handle: async ({ query, login }) => {
      const { search = '', role } = query
      const found = await people.list(login.principal)
      const all = found.map(({ user, isDisabled, ...person }) => ({ ...user, ...person, disabled: isDisabled }))
      const part = search.toLowerCase()
      const isWanted = (person: (typeof all)[number]) =>
        (role === undefined || person.role === role) && `${person.name}\n${person.email}`.toLowerCase().includes(part)
      const { rows, nextCursor } = list.ofAll(all.filter(isWanted), query, ({ name, id }) => [name, id])
      return { operators: rows, nextCursor }
    },
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
