import { z } from 'zod'
import { pageQuerySchema } from '#protocol/page-http.ts'
import { scriptBodySchema, scriptReplySchema, scriptsReplySchema } from '#protocol/scripts/http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('scripts', z.tuple([z.number(), z.string()]))

/** GET /v1/scripts */
export const listScripts = ({ scripts }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/scripts',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: scriptsReplySchema,
    handle: async ({ query, login }) => {
      const all = await scripts.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ createdAtMs, id }) => [createdAtMs, id])
      return { scripts: rows, nextCursor }
    },
  })

/** POST /v1/scripts */
export const createScript = ({ scripts }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/scripts',
    access: { authn: 'bearer', authz: 'administrator', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: scriptBodySchema,
    reply: scriptReplySchema,
    handle: async ({ body, login }) => ({ script: await scripts.create(login.principal, body) }),
  })
