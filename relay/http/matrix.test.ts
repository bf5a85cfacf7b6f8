import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { API_SCOPES } from '#protocol/api-scopes.ts'
import { apiKeyReplySchema } from '#protocol/identity-http.ts'
import { databaseFingerprint, withoutAudit } from '#testing/database-fingerprint.ts'
import { ManualClock } from '#testing/manual-clock.ts'
import { type Cast, castOf, SAMPLE_BODIES } from '#testing/matrix-world.ts'
import { TestRelay } from '#testing/relay.ts'
import type { Services } from '../services.ts'
import { routesOf } from './routes.ts'

// Only the table is read: a route takes its services when it answers.
const routes = routesOf({} as Services)
const idRoutes = routes.filter(({ url }) => /:\w+Id\b/.test(url))

let relay: TestRelay
let cast: Cast
beforeAll(async () => {
  relay = await TestRelay.start({ clock: new ManualClock() })
  cast = await castOf(relay)
}, 120_000)
afterAll(() => relay.close())

const fingerprint = () => databaseFingerprint(relay)

const COLUMNS = ['other tenant', 'other group', 'deleted', 'random', 'own without the right'] as const
type Column = (typeof COLUMNS)[number]

describe.each(idRoutes.map(({ method, url }) => `${method} ${url}`))('A11 A45 %s', name => {
  it.each(COLUMNS)('for an id of: %s is refused and changes nothing', async (column: Column) => {
    const [method = '', url = ''] = name.split(' ')
    const isForMembers = routes.find(route => `${route.method} ${route.url}` === name)?.access.authz === 'member'
    const path = url.replace(/:(\w+)/g, (_, parameter: string) => {
      const ids = cast.ids[parameter]
      if (!ids) throw new Error(`The matrix has no id for :${parameter}. Add one in testing/matrix-world.ts.`)
      if (column === 'deleted') return ids.deleted
      if (column === 'random') return ids.random
      // Who may look at everything near them is asked for what isn't near.
      return column === 'own without the right' && !isForMembers ? ids.near : ids.far
    })
    const token = cast.tokens[column]
    const before = fingerprint()
    const body = SAMPLE_BODIES[name]
    const query = cast.queries[name] ?? ''
    const reply = await relay.call(method, `${path}${query}`, { token, ...(body !== undefined && { body }) })
    expect([reply.status, reply.body]).toEqual([expect.toBeOneOf([403, 404]), expect.anything()])
    expect(fingerprint()).toBe(before)
  })
})

/** What a query or a body calls an id that a path calls otherwise. */
const ALIASES: Readonly<Record<string, string>> = { operatorId: 'userId', parentId: 'groupId' }
/** What people of one organisation share is far for nobody in it. */
const SHARED = ['userId', 'roleId', 'webhookId']

/** The id that stands for the column; undefined where the column has none of this kind. */
function idFor(column: Column, key: string): string | undefined {
  const name = ALIASES[key] ?? key
  const ids = cast.ids[name]
  if (!ids) throw new Error(`The matrix has no id for ${key}. Add one in testing/matrix-world.ts.`)
  if (column === 'deleted') return ids.deleted
  if (column === 'random') return ids.random
  return SHARED.includes(name) && column !== 'other tenant' ? undefined : ids.far
}

const objectShape = (schema: unknown) =>
  z.toJSONSchema(schema as z.ZodType, { io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: object
    readonly required?: readonly string[]
  }
/** A table has the rows of the list of its name, and may be asked for too seldom to be among these. */
const queryRoutes = routes
  .filter(({ url }) => !url.endsWith('.csv'))
  .flatMap(({ method, url, query }) => {
    const { properties = {}, required = [] } = query ? objectShape(query) : {}
    return Object.keys(properties)
      .filter(key => key.endsWith('Id'))
      .map(key => ({ method, url, key, required: required.filter(other => other !== key) }))
  })

describe.each(queryRoutes)('A11 A45 A47 $method $url?$key=', ({ method, url, key, required }) => {
  it.each(COLUMNS)('of: %s is refused or finds nothing', async (column: Column) => {
    const path = url.replace(/:(\w+)/g, (_, parameter: string) => cast.ids[parameter]?.near ?? 'x')
    const id = idFor(column, key)
    // The audit keeps what was done to what is gone.
    if (id === undefined || (url === '/v1/audit' && column === 'deleted')) return
    const query = new URLSearchParams({ [key]: id })
    for (const other of required) if (other.endsWith('Id')) query.set(other, idFor(column, other) ?? id)
    const reply = await relay.call(method, `${path}?${query}`, { token: cast.tokens[column] })
    if (reply.status !== 200)
      return expect([reply.status, reply.body]).toEqual([expect.toBeOneOf([403, 404]), reply.body])
    const lists = Object.values(reply.body as object).filter(Array.isArray)
    expect(lists.length).toBeGreaterThan(0)
    expect(lists.flat()).toEqual([])
  })
})

/** Bodies that name something: each with the ids that the column stands for. */
const NAMING_BODIES: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/enrolment-tokens': ['groupId'],
  'POST /v1/groups': ['parentId'],
  'PUT /v1/devices/:deviceId/group': ['groupId'],
  'POST /v1/failed-deliveries/replay': ['webhookId'],
}

describe.each(Object.entries(NAMING_BODIES))('A11 A45 A48 the body of %s', (name, keys) => {
  it.each(COLUMNS)('with ids of: %s is refused and changes nothing', async (column: Column) => {
    const [method = '', url = ''] = name.split(' ')
    const named = keys.map(key => [key, idFor(column, key)] as const)
    if (named.some(([, id]) => id === undefined)) return
    const path = url.replace(/:(\w+)/g, (_, parameter: string) => cast.ids[parameter]?.near ?? 'x')
    const body = { ...(SAMPLE_BODIES[name] as object), ...Object.fromEntries(named) }
    const before = fingerprint()
    const reply = await relay.call(method, path, { token: cast.tokens[column], body })
    expect([reply.status, reply.body]).toEqual([expect.toBeOneOf([403, 404]), expect.anything()])
    expect(fingerprint()).toBe(before)
  })
})

it('the matrix would see an effect', async () => {
  const before = fingerprint()
  const path = `/v1/groups/${cast.ids.groupId?.near}`
  const reply = await relay.call('PATCH', path, { token: cast.tokens.random, body: { name: 'Nearer' } })
  expect(reply.status).toBe(204)
  expect(fingerprint()).not.toBe(before)
})

/** Members that a body could try to set beside what it is for. */
const EXTRA = {
  ...{ role: 'admin', tenantId: 'org_x', organisationId: 'org_x', groupId: 'grp_x', userId: 'usr_x' },
  ...{
    id: 'x',
    createdAt: 0,
    createdAtMs: 0,
    consent: true,
    scopes: ['shell'],
    status: 'active',
    isAdministrator: true,
  },
}

describe('A48 every body', () => {
  const withBody = routes.filter(({ body }) => body !== undefined)

  it.each(withBody.map(route => [`${route.method} ${route.url}`, route] as const))(
    'of %s takes no member that it does not name, and nothing happens when there is one',
    async (name, { method, url, access, body: schema }) => {
      for (const shape of objectsOf(schema as z.ZodType)) expect(shape).toMatchObject({ additionalProperties: false })
      const path = url.replace(/:(\w+)/g, (_, parameter: string) => cast.ids[parameter]?.near ?? 'x')
      const sample = SAMPLE_BODIES[name] as object | undefined
      const before = fingerprint()
      const body = { ...EXTRA, ...sample }
      const reply = await relay.call(method, path, {
        body,
        ...(access.authn === 'bearer' && { token: cast.tokens.random }),
      })
      expect([reply.status, reply.body]).toEqual([400, expect.objectContaining({ code: 'bad-request' })])
      if (sample) expect(reply.body).toMatchObject({ detail: expect.stringContaining('Unrecognized key') })
      expect(fingerprint()).toBe(before)
    },
  )
})

interface JsonShape {
  readonly anyOf?: readonly JsonShape[]
  readonly oneOf?: readonly JsonShape[]
}

/** The objects that a body can be. */
function objectsOf(schema: z.ZodType): readonly JsonShape[] {
  const flat = (shape: JsonShape): readonly JsonShape[] =>
    [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])].flatMap(flat).concat(shape.anyOf || shape.oneOf ? [] : [shape])
  return flat(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonShape)
}

describe('A138 A152 while the audit takes no row', () => {
  it('no route has an effect, but for what is nobody’s act: drafts, challenges and what one keeps for oneself', async () => {
    const without: string[] = []
    await withoutAudit(relay, async () => {
      for (const { method, url, access } of routes.filter(({ method }) => method !== 'GET')) {
        const path = url.replace(/:(\w+)/g, (_, parameter: string) => cast.ids[parameter]?.near ?? 'x')
        const body = SAMPLE_BODIES[`${method} ${url}`]
        const before = fingerprint()
        await relay.call(method, path, {
          ...(access.authn === 'bearer' && { token: cast.tokens.random }),
          ...(body !== undefined && { body }),
        })
        if (fingerprint() !== before) without.push(`${method} ${url}`)
      }
    })
    expect(without).toEqual([
      ...['POST /v1/sign-in/passkey/options', 'POST /v1/sign-in/browser', 'POST /v1/two-factor'],
      'POST /v1/passkeys/options',
      ...['POST /v1/device-filters', 'DELETE /v1/device-filters/:filterId'],
    ])
    expect((await relay.call('GET', '/v1/me', { token: cast.tokens.random })).status).toBe(200)
  })
})

describe('A50 an API key with every scope', () => {
  it('is refused on each route that takes a person: credentials, roles, keys, policy', async () => {
    const body = { name: 'Everything', scopes: [...API_SCOPES], expiresInDays: 1 }
    const made = await relay.call('POST', '/v1/api-keys', { token: cast.tokens.random, body })
    const { key } = apiKeyReplySchema.parse(made.body)
    for (const { method, url, access } of routes.filter(({ access }) => access.authn === 'bearer' && !access.apiKey)) {
      const path = url.replace(/:(\w+)/g, (_, parameter: string) => cast.ids[parameter]?.far ?? 'x')
      const reply = await relay.call(method, path, { token: key })
      expect([url, access.apiKey, reply.status]).toEqual([url, null, 403])
    }
  })
})
