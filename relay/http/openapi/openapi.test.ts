import { readFile } from 'node:fs/promises'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { errorCodeSchema } from '#protocol/errors.ts'
import { TestRelay } from '#testing/relay.ts'
import type { Services } from '../../services.ts'
import { PROBLEMS } from '../problems.ts'
import { routesOf } from '../routes.ts'
import { SUMMARIES } from './summaries.ts'

const routes = routesOf({} as Services)
const nameOf = ({ method, url }: { method: string; url: string }) => `${method} ${url}`

interface Operation {
  summary: string
  tags: string[]
  security: unknown[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

let relay: TestRelay
let document: { paths: Record<string, Record<string, Operation>> }
beforeAll(async () => {
  relay = await TestRelay.start()
  document = (await relay.call('GET', '/v1/openapi.json')).body as typeof document
})
afterAll(() => relay.close())

it('docs/problems.md has every code with its status and title', async () => {
  const text = await readFile(new URL('../../../docs/problems.md', import.meta.url), 'utf8')
  const rows = text.split('\n').filter(line => line.startsWith('| `'))
  expect(rows).toEqual(errorCodeSchema.options.map(code => `| \`${code}\` | ${PROBLEMS[code].join(' | ')} |`))
})

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect(errors).toBeUndefined()
    expect(valid).toBe(true)
  })

  it('A45 has every route that is served, and no other, each with summary, security and its refusals', () => {
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    expect(described.sort()).toEqual(routes.map(nameOf).sort())
    for (const route of routes) {
      const operation = document.paths[route.url.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()]
      expect([nameOf(route), operation?.summary, operation?.tags]).toEqual([
        nameOf(route),
        SUMMARIES[nameOf(route)]?.[1],
        [SUMMARIES[nameOf(route)]?.[0]],
      ])
      expect([nameOf(route), operation?.security.length]).toEqual([
        nameOf(route),
        route.access.authn === 'bearer' ? 1 : 0,
      ])
      for (const status of ['429', '500', ...(route.access.authn === 'bearer' ? ['401', '403'] : [])])
        expect([nameOf(route), operation?.responses[status]?.content]).toEqual([
          nameOf(route),
          { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        ])
    }
  })

  it('is a page too, which loads nothing but its own looks and runs nothing', async () => {
    const reply = await relay.call('GET', '/v1/docs')
    expect(reply.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
    )
    const html = String(reply.body)
    expect(html).not.toMatch(/<script|<iframe|style=|\son\w+=|https?:\/\//i)
    expect(html).toContain('POST</code> <code>/v1/sessions</code>')
    expect((await relay.call('GET', '/v1/docs.css')).headers.get('content-type')).toContain('text/css')
  })

  it('explains every code at the address that its problem names', async () => {
    for (const code of errorCodeSchema.options)
      expect([code, (await relay.call('GET', `/v1/problems/${code}`)).status]).toEqual([
        code,
        expect.toBeOneOf([200, 429]),
      ])
    expect((await relay.call('GET', '/v1/problems/none')).status).toBe(400)
  })
})
