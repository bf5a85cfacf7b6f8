import { z } from 'zod'
import { pageQuerySchema } from '#protocol/page-http.ts'
import { scriptRunBodySchema, scriptRunReplySchema, scriptRunsReplySchema } from '#protocol/scripts/runs-http.ts'
import type { Services } from '../../services.ts'
import { PagedList } from '../page.ts'
import { memberRoute } from '../route.ts'

const list = new PagedList('script-runs', z.tuple([z.number(), z.string()]))

/** GET /v1/script-runs */
export const listScriptRuns = ({ scriptRuns }: Services) =>
  memberRoute({
    method: 'GET',
    url: '/v1/script-runs',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 120, stepUp: false, apiKey: null },
    query: pageQuerySchema,
    reply: scriptRunsReplySchema,
    handle: async ({ query, login }) => {
      const all = await scriptRuns.list(login.principal)
      const { rows, nextCursor } = list.ofAll(all, query, ({ startedAtMs, id }) => [-startedAtMs, id])
      return { runs: rows, nextCursor }
    },
  })

/** POST /v1/script-runs */
export const createScriptRun = ({ scriptRuns }: Services) =>
  memberRoute({
    method: 'POST',
    url: '/v1/script-runs',
    access: { authn: 'bearer', authz: 'member', limitPerMinute: 30, stepUp: true, apiKey: null },
    body: scriptRunBodySchema,
    reply: scriptRunReplySchema,
    handle: async ({ body, login }) => ({ run: await scriptRuns.create(login.principal, body) }),
  })
