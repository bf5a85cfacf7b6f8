import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { ApiScope } from '#protocol/api-scopes.ts'
import { HandholdError } from '#protocol/errors.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { userActor } from '../domain/audit.ts'
import { API_KEY_PREFIX } from '../domain/identity/api-keys.ts'
import type { Origin } from '../domain/identity/origin.ts'
import { rootGroupId } from '../domain/policy/built-in.ts'
import { type Principal, requireAdministrator } from '../domain/principal.ts'
import type { LoginRecord } from '../domain/store.ts'
import type { Services } from '../services.ts'
import { addressKey, clientAddress } from './client-address.ts'
import type { MemberAuthz, Route, RouteAccess, Schema } from './described-route.ts'
import { idempotencyKeyOf } from './idempotency-key.ts'
import { routeSchema } from './openapi/route-schema.ts'

/** What a route for signed-in people says beyond that. No key can step up, so such a route is never open to one. */
type MemberAccess = { authn: 'bearer'; authz: MemberAuthz } & (
  | { stepUp: true; apiKey: null }
  | { stepUp: false; apiKey: ApiScope | null }
)

type Parsed<S extends Schema> = S extends z.ZodType ? z.output<S> : undefined
type Sent<S extends Schema> = S extends z.ZodType ? z.input<S> : undefined

interface Input<Body extends Schema, Params extends Schema, Query extends Schema, Login> {
  readonly body: Parsed<Body>
  readonly params: Parsed<Params>
  readonly query: Parsed<Query>
  readonly login: Login
  readonly address: string
  readonly origin: Origin
}

interface RouteSpec<Body extends Schema, Params extends Schema, Query extends Schema, Reply extends Schema, Login> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly access: RouteAccess
  readonly body?: Body
  readonly params?: Params
  readonly query?: Query
  /** Of a 200; a route without one answers 204. What is not in the schema is not sent. */
  readonly reply?: Reply
  /** For a reply that is no JSON but text of this type; its schema is of a string. */
  readonly textType?: string
  /** Where the usual size isn't enough. */
  readonly bodyMaxBytes?: number
  readonly handle: (input: Input<Body, Params, Query, Login>) => Promise<Sent<Reply>>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess
  }
}

/** A route for everybody. */
export function openRoute<
  Body extends Schema = undefined,
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Reply extends Schema = undefined,
>(
  spec: RouteSpec<Body, Params, Query, Reply, undefined> & {
    access: { authn: 'none' | 'body'; authz: 'anyone' | 'first-start' | 'enrolling-device' }
  },
): Route {
  return { ...spec, register: (app, services) => register(app, services, spec, () => undefined) }
}

/** A route for signed-in people: the bearer token is checked before the body is even read. */
export function memberRoute<
  Body extends Schema = undefined,
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Reply extends Schema = undefined,
>(
  spec: RouteSpec<Body, Params, Query, Reply, LoginRecord> & {
    access: MemberAccess
  },
): Route {
  return {
    ...spec,
    register(app, services) {
      const logins = new WeakMap<FastifyRequest, LoginRecord>()
      const authenticate = async (request: FastifyRequest) => {
        const token = bearerToken(request.headers.authorization)
        const { login, mayPass } = await identify(services, spec.access, token).catch(thrown => {
          if (token !== null) auditDenied(services, spec, clientAddress(request.raw, services.trustedProxyHops), thrown)
          throw thrown
        })
        logins.set(request, login)
        try {
          if (!mayPass) throw keyMayNot()
          await requireRight(services, login.principal, spec.access.authz)
          if (spec.access.stepUp) services.logins.requireStepUp(login)
        } catch (thrown) {
          auditDenied(services, spec, login, thrown)
          throw thrown
        }
      }
      const loginOf = (request: FastifyRequest) => {
        const login = logins.get(request)
        if (!login) throw new Error(`${spec.url} ran without authentication`)
        return login
      }
      const keyedBy = (login: LoginRecord) => `${login.principal.user.id} ${login.principal.user.viaKey ?? ''}`
      const onRefused = (login: LoginRecord, thrown: unknown) => auditDenied(services, spec, login, thrown)
      register(app, services, spec, loginOf, { authenticate, keyedBy, onRefused })
    },
  }
}

/** Whose token it is, a person's sign-in or a program's key. `mayPass` is false for a key that the route doesn't take: who it is still goes to the audit. */
async function identify({ logins, apiKeys }: Services, { apiKey }: RouteAccess, token: string | null) {
  if (!token?.startsWith(API_KEY_PREFIX)) return { login: await logins.authenticate(token), mayPass: true }
  const { login, scopes } = await apiKeys.authenticate(token)
  return { login, mayPass: apiKey != null && scopes.includes(apiKey) }
}

const keyMayNot = () =>
  new HandholdError('forbidden', 'This API key may not do this. Credentials, roles and keys always take a person.')

async function requireRight({ policies }: Services, principal: Principal, authz: MemberAuthz): Promise<void> {
  if (authz === 'administrator') {
    requireAdministrator(principal)
    // The role can be denied to one who has it; a denial is final here too.
    await policies.require(principal, 'manage-policy', rootGroupId(principal.organisation.id))
  } else if (authz !== 'member') await policies.requireSomewhere(principal, authz)
}

/** Refusals for who somebody is: what is unknown or another organisation's looks alike to them and is one row here. */
const AUDITED = new Set([
  'forbidden',
  'not-found',
  'policy-denied',
  'role-exceeds-author',
  'step-up-required',
  'unauthenticated',
])

function auditDenied(
  { denied }: Services,
  { method, url }: { method: string; url: string },
  who: LoginRecord | string,
  thrown: unknown,
): void {
  if (!(thrown instanceof HandholdError) || !AUDITED.has(thrown.code)) return
  const isStranger = typeof who === 'string'
  denied.record({
    organisationId: isStranger ? null : who.principal.organisation.id,
    actor: isStranger ? { kind: 'stranger', address: who } : userActor(who.principal.user),
    action: isStranger ? 'token.invalid' : 'http.denied',
    subject: `${method} ${url}`,
    detail: { code: thrown.code },
  })
}

function register<Body extends Schema, Params extends Schema, Query extends Schema, Reply extends Schema, Login>(
  app: FastifyInstance,
  services: Services,
  spec: RouteSpec<Body, Params, Query, Reply, Login>,
  loginOf: (request: FastifyRequest) => Login,
  member?: {
    readonly authenticate: (request: FastifyRequest) => Promise<void>
    /** Whose the idempotency keys are. */
    readonly keyedBy: (login: Login) => string
    readonly onRefused: (login: Login, thrown: unknown) => void
  },
): void {
  const { method, url, access, reply: replySchema, textType, bodyMaxBytes } = spec
  const answer = (input: Input<Body, Params, Query, Login>, request: FastifyRequest, reply: FastifyReply) => {
    const key = method === 'POST' && member ? idempotencyKeyOf(request.headers['idempotency-key']) : null
    const handle = () => spec.handle(input)
    if (key === null || !member) return handle()
    return answerOnce(services, request, reply, { principal: member.keyedBy(input.login), key }, handle)
  }
  app.route({
    method,
    url,
    config: { access, rateLimit: { max: access.limitPerMinute, timeWindow: 60_000 } },
    schema: routeSchema(spec),
    ...(bodyMaxBytes !== undefined && { bodyLimit: bodyMaxBytes }),
    ...(member && { preParsing: member.authenticate }),
    handler: async (request, reply) => {
      const address = clientAddress(request.raw, services.trustedProxyHops)
      const client = toDisplayLine(request.headers['user-agent'] ?? '', 120)
      // The compilers of the schemas above made these; Fastify's types can't follow a schema that is a parameter.
      const input = {
        body: request.body as Parsed<Body>,
        params: request.params as Parsed<Params>,
        query: request.query as Parsed<Query>,
        login: loginOf(request),
        address,
        origin: { address, addressKey: addressKey(address), client },
      }
      // Outside of what a key covers: a refusal's own row in the audit is no effect of the request.
      const result = await answer(input, request, reply).catch(thrown => {
        member?.onRefused(input.login, thrown)
        throw thrown
      })
      if (textType !== undefined) return reply.type(textType).send(result)
      return replySchema ? reply.status(200).send(result) : reply.status(204).send()
    },
  })
}

/** The handler's answer, or the one that the same request with the same `Idempotency-Key` had before. */
async function answerOnce<Handled>(
  { idempotency }: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { principal, key }: { principal: string; key: string },
  handle: () => Promise<Handled>,
): Promise<Handled> {
  const { method, body, params, query, routeOptions } = request
  const asked = { method, url: routeOptions.url, body, params, query }
  const { reply: answer, replayed } = await idempotency.once({ principal, key, request: asked }, handle)
  if (replayed) reply.header('idempotency-replayed', 'true')
  return answer as Handled
}

const BEARER = /^Bearer ([\w.~+/=-]{16,256})$/i

/** The token of an `authorization` header; null when there is none that could be one. */
export const bearerToken = (header: string | undefined): string | null => BEARER.exec(header ?? '')?.[1] ?? null
