import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { clientAddress } from './client-address.ts'
import type { Route, RouteAccess } from './described-route.ts'
import { routeSchema } from './openapi/route-schema.ts'

interface Page {
  readonly status: number
  readonly html: string
}

interface PageSpec<Query extends z.ZodType, Params extends z.ZodType> {
  readonly url: string
  readonly access: OpenAccess
  readonly query: Query
  readonly params?: Params
  readonly handle: (input: { query: z.output<Query>; params: z.output<Params>; address: string }) => Promise<Page>
}

type OpenAccess = RouteAccess & { authn: 'none' | 'body' }

interface StaticSpec {
  readonly url: string
  readonly access: OpenAccess
  readonly type: 'application/json' | 'text/css' | 'text/html' | 'text/javascript'
  /** Of a page that may do more than be read. */
  readonly policy?: string
  /** Made once, when it is first asked for. */
  readonly text: (app: FastifyInstance) => string
}

/** Pages may have the relay's own looks; nothing is run, and nothing comes from elsewhere. */
const PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"

/** A text that is the same for everybody as long as the relay runs. */
export const staticRoute = ({ url, access, type, policy = PAGE_POLICY, text }: StaticSpec): Route => {
  const spec = { method: 'GET', url, access, reply: z.string(), textType: type }
  return {
    ...spec,
    register(app) {
      let made: string | undefined
      app.route({
        method: 'GET',
        url,
        config: { access, rateLimit: { max: access.limitPerMinute, timeWindow: 60_000 } },
        schema: routeSchema(spec),
        handler: async (_request, reply) => {
          made ??= text(app)
          return reply.type(`${type}; charset=utf-8`).header('content-security-policy', policy).send(made)
        },
      })
    },
  }
}

/** A page for a browser: text only, since the policy of every answer lets nothing be loaded or run. It is never kept in a cache. */
export const pageRoute = <Query extends z.ZodType, Params extends z.ZodType = z.ZodType<undefined>>(
  spec: PageSpec<Query, Params>,
): Route => ({
  ...described(spec),
  register(app, { trustedProxyHops }) {
    const { url, access, handle } = spec
    app.route({
      method: 'GET',
      url,
      config: { access, rateLimit: { max: access.limitPerMinute, timeWindow: 60_000 } },
      schema: routeSchema(described(spec)),
      handler: async (request, reply) => {
        // The query schema's compiler made it; Fastify's types can't follow a schema that is a parameter.
        const address = clientAddress(request.raw, trustedProxyHops)
        const input = { query: request.query as z.output<Query>, params: request.params as z.output<Params>, address }
        const { status, html } = await handle(input)
        return reply.status(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
      },
    })
  },
})

const described = <Query extends z.ZodType, Params extends z.ZodType>(spec: PageSpec<Query, Params>) => {
  const { url, access, query, params } = spec
  return { method: 'GET', url, access, query, ...(params && { params }), reply: z.string(), textType: 'text/html' }
}

/** Every text is escaped, whoever it comes from. */
export const page = (status: number, title: string, paragraphs: readonly string[]): Page => ({
  status,
  html: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<h1>${escapeHtml(title)}</h1>
${paragraphs.map(text => `<p>${escapeHtml(text)}</p>`).join('\n')}
</html>
`,
})

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
