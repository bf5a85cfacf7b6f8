import type { z } from 'zod'
import { clientAddress } from './client-address.ts'
import type { Route, RouteAccess } from './route.ts'

interface Page {
  readonly status: number
  readonly html: string
}

interface PageSpec<Query extends z.ZodType> {
  readonly url: string
  readonly access: RouteAccess & { authn: 'none' | 'body' }
  readonly query: Query
  readonly handle: (input: { query: z.output<Query>; address: string }) => Promise<Page>
}

/** A page for a browser: text only, since the policy of every answer lets nothing be loaded or run. It is never kept in a cache. */
export const pageRoute = <Query extends z.ZodType>({ url, access, query, handle }: PageSpec<Query>): Route => ({
  method: 'GET',
  url,
  access,
  query,
  register(app, { trustedProxyHops }) {
    app.route({
      method: 'GET',
      url,
      config: { access, rateLimit: { max: access.limitPerMinute, timeWindow: 60_000 } },
      schema: { querystring: query },
      handler: async (request, reply) => {
        // The query schema's compiler made it; Fastify's types can't follow a schema that is a parameter.
        const input = { query: request.query as z.output<Query>, address: clientAddress(request.raw, trustedProxyHops) }
        const { status, html } = await handle(input)
        return reply.status(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html)
      },
    })
  },
})

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
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
