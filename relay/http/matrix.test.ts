import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { API_SCOPES } from '#protocol/api-scopes.ts'
import { apiKeyReplySchema } from '#protocol/identity-http.ts'
import { userIdSchema } from '#protocol/ids.ts'
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
const ALIASES: Readonly<Record<string, string>> = { operatorId: 'userId', parentId: 'groupId', deviceIds: 'deviceId' }
/** What people of one organisation share is far for nobody in it. */
const SHARED = ['userId', 'roleId', 'webhookId', 'scriptId']

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

const ID_PATTERN = /^\^[a-z]{3}_\[/
const USER_PATTERN = z.toJSONSchema(userIdSchema).pattern

/** Whether an id can stand somewhere in what this describes. */
function namesSomething(shape: unknown): boolean {
  if (typeof shape !== 'object' || shape === null) return false
  const { pattern } = shape as { pattern?: string }
  if (pattern !== undefined && (ID_PATTERN.test(pattern) || pattern === USER_PATTERN)) return true
  return Object.values(shape).some(namesSomething)
}

/** A list that somebody keeps for themselves: the list itself is asked with its group, and refuses it. */
const KEPT = ['POST /v1/device-filters']

/** Each member of a body in which an id can stand, found in the schemas: a new one is among these, and fails until its value can be made. */
const namingMembers = routes.flatMap(({ method, url, access, body }) => {
  const name = `${method} ${url}`
  if (!body || KEPT.includes(name)) return []
  const members = objectsOf(body as z.ZodType).flatMap(({ properties = {} }) => Object.entries(properties))
  const keys = [...new Set(members.filter(([, shape]) => namesSomething(shape)).map(([key]) => key))]
  const isForMembers = access.authz === 'member'
  return keys.map(key => ({ name, key, isForMembers, others: keys.filter(other => other !== key) }))
})

/** What else the body and the path name is what the person has, so that the refusal is about this one id. */
const ownFor = (column: Column, key: string): string => {
  const name = ALIASES[key] ?? key
  return (column === 'other tenant' ? cast.others[name] : undefined) ?? cast.ids[name]?.near ?? 'x'
}

async function bodyNaming({ name, key, others }: (typeof namingMembers)[number], column: Column, id: string) {
  const sample = SAMPLE_BODIES[name] as Record<string, unknown>
  const named: Record<string, string> = { [key]: id }
  for (const other of others) named[other] = ownFor(column, other)
  const body: Record<string, unknown> = { ...sample }
  for (const [member, value] of Object.entries(named)) body[member] = Array.isArray(sample[member]) ? [value] : value
  return 'order' in body && 'deviceIds' in body
    ? { ...body, order: await cast.order(cast.tokens[column], z.array(z.string()).parse(body.deviceIds)) }
    : body
}

it('A48 bodies name ids in many places', () => {
  expect(namingMembers.length).toBeGreaterThan(11)
})

describe.each(namingMembers)('A11 A45 A48 $key in the body of $name', member => {
  it.each(COLUMNS)('of: %s is refused and changes nothing', async (column: Column) => {
    const [method = '', url = ''] = member.name.split(' ')
    // What people share is refused to whoever lacks the right to the route.
    const isShared = column === 'own without the right' && !member.isForMembers
    const id = idFor(column, member.key) ?? (isShared ? ownFor(column, member.key) : undefined)
    if (id === undefined) return
    const path = url.replace(/:(\w+)/g, (_, parameter: string) => ownFor(column, parameter))
    const body = await bodyNaming(member, column, id)
    const before = fingerprint()
    const reply = await relay.call(method, path, { token: cast.tokens[column], body })
    expect([reply.status, reply.body]).toEqual([expect.toBeOneOf([403, 404]), expect.anything()])
    // A wrong signature would be refused too, and say nothing of the id.
    expect(reply.body).not.toMatchObject({ code: 'proof-invalid' })
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
  readonly properties?: Readonly<Record<string, unknown>>
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
