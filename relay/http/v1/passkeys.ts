import { z } from 'zod'
import { passkeyBodySchema, passkeyReplySchema, passkeysReplySchema } from '#protocol/identity-http.ts'
import { pageQuerySchema } from '#protocol/page-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('passkeys', z.tuple([z.number(), z.string()]))

/** GET /v1/passkeys */
export const passkeys = ({ passkeys: service }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/passkeys',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: passkeysReplySchema,
    handle: async ({ query, login }) => {
      const all = await service.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ createdAtMs, id }) => [createdAtMs, id])
      return { passkeys: rows, nextCursor }
    },
  })

/** POST /v1/passkeys. The ticket comes from a route that wants step-up */
export const addPasskey = ({ passkeys: service }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/passkeys',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: false, apiKey: null },
    body: passkeyBodySchema,
    reply: passkeyReplySchema,
    handle: async ({ body: { ticket, name, credential }, login }) => ({
      passkey: await service.register(login.principal, ticket, name, credential),
    }),
  })
