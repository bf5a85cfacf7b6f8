import { z } from 'zod'
import { errorCodeSchema } from '#protocol/errors.ts'
import type { Route } from '../described-route.ts'
import { page, pageRoute, staticRoute } from '../page-route.ts'
import { PROBLEMS } from '../problems.ts'
import { DOCS_CSS } from './docs-css.ts'
import { docsPage } from './docs-page.ts'

const access = { authn: 'none', authz: 'anyone', limitPerMinute: 120 } as const

/** GET /v1/openapi.json, /v1/docs and what they point to. They say nothing that isn't in the source, so anybody may read them. */
export const docRoutes = (): Route[] => [
  staticRoute({
    url: '/v1/openapi.json',
    access,
    type: 'application/json',
    text: app => JSON.stringify(app.swagger()),
  }),
  staticRoute({
    url: '/v1/docs',
    access,
    type: 'text/html',
    text: app => docsPage(app.swagger() as Parameters<typeof docsPage>[0]),
  }),
  staticRoute({ url: '/v1/docs.css', access, type: 'text/css', text: () => DOCS_CSS }),
  pageRoute({
    url: '/v1/problems/:code',
    access,
    params: z.object({ code: errorCodeSchema }),
    query: z.object({}),
    handle: async ({ params: { code } }) => {
      const [status, title] = PROBLEMS[code]
      return page(200, title, [
        `Code: ${code}. Status: ${status}.`,
        'What to do next is in the detail of each refusal.',
      ])
    },
  }),
]
