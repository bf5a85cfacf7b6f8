import { z } from 'zod'
import { PROBLEM_CONTENT_TYPE, problemSchema } from '#protocol/problem.ts'
import type { Route } from '../described-route.ts'
import { SUMMARIES } from './summaries.ts'

type DescribedRoute = Omit<Route, 'register'>

z.globalRegistry.add(problemSchema, { id: 'Problem' })

/** What a route says of itself to Fastify: what is checked and sent, and what the API's description says of it. */
export function routeSchema(route: DescribedRoute) {
  const { method, url, access, body, params, query } = route
  const [tag, summary] = SUMMARIES[`${method} ${url}`] ?? ['Other', `${method} ${url}`]
  return {
    ...(body && { body }),
    ...(params && { params }),
    ...(query && { querystring: query }),
    tags: [tag],
    summary,
    description: rightsText(route),
    security: access.authn === 'bearer' ? [{ bearer: [] }] : [],
    response: { ...goodReply(route), ...refusals(route) },
  }
}

function goodReply({ reply, textType }: DescribedRoute): Record<string, unknown> {
  if (textType !== undefined) {
    const [type = textType] = textType.split(';')
    return { 200: { description: 'The answer', content: { [type]: { schema: reply ?? z.string() } } } }
  }
  return reply ? { 200: reply } : { 204: z.undefined().describe('Done') }
}

const refusal = (description: string) => ({
  description,
  content: { [PROBLEM_CONTENT_TYPE]: { schema: problemSchema } },
})

/** What this kind of route can answer; each code is explained at the `type` of the problem. */
function refusals({ method, access, body, params, query }: DescribedRoute): Record<string, unknown> {
  const isChange = method !== 'GET'
  const isKnown = access.authn !== 'none'
  return {
    ...((body || params || query) && { 400: refusal('The request is not valid') }),
    ...(isKnown && { 401: refusal('Not signed in, or a fresh proof is wanted'), 403: refusal('Not allowed') }),
    ...(params && { 404: refusal('There is no such thing, or it is not theirs to know of') }),
    ...(isChange && { 409: refusal('It does not fit what is there now') }),
    ...(body && { 413: refusal('The body is too large') }),
    ...(method === 'POST' &&
      access.authn === 'bearer' && { 422: refusal('The Idempotency-Key was used for another request') }),
    429: refusal('Too many requests'),
    500: refusal('Something failed in the relay'),
  }
}

function rightsText({ method, access }: DescribedRoute): string {
  const { authn, authz, stepUp, apiKey, limitPerMinute } = access
  return [
    authn === 'bearer'
      ? `Takes: ${authz}.`
      : authn === 'body'
        ? 'The request itself carries what it takes.'
        : authn === 'monitoring'
          ? 'Takes the token for monitoring; without a configured one, a connection from the relay’s own machine.'
          : 'For anybody.',
    ...(stepUp ? ['The person must have proved who they are within the last five minutes.'] : []),
    ...(apiKey ? [`An API key needs the scope ${apiKey}.`] : authn === 'bearer' ? ['Not open to API keys.'] : []),
    ...(method === 'POST' && authn === 'bearer' ? ['Takes an Idempotency-Key.'] : []),
    `At most ${limitPerMinute} requests a minute from one address.`,
  ].join(' ')
}
