import type { FastifyInstance } from 'fastify'
import type { z } from 'zod'
import type { ApiScope } from '#protocol/api-scopes.ts'
import type { AdministrationCapability } from '#protocol/policy/capabilities.ts'
import type { Services } from '../services.ts'

export type MemberAuthz = 'member' | 'administrator' | AdministrationCapability

/** Who may use a route, and how often. Every route has one; a table of all of them is in a test. */
export interface RouteAccess {
  /** `body`: the request itself carries what it takes (a password, a secret, a token with a proof). `monitoring`: the configured token, or this machine. */
  readonly authn: 'none' | 'body' | 'bearer' | 'monitoring'
  /** A capability: the person has it somewhere; the domain decides whether it is theirs for what they ask. */
  readonly authz: 'anyone' | 'first-start' | 'enrolling-device' | 'monitoring' | MemberAuthz
  /** Requests a minute from one address. */
  readonly limitPerMinute: number
  /** The person must have proved who they are within the last five minutes. Left out of routes that know no person. */
  readonly stepUp?: boolean
  /** What an API key must be allowed to do to use the route; null keeps keys out. Left out of routes that know no person. */
  readonly apiKey?: ApiScope | null
}

export type Schema = z.ZodType | undefined

export interface Route {
  readonly method: string
  readonly url: string
  readonly access: RouteAccess
  readonly body?: Schema
  readonly params?: Schema
  readonly query?: Schema
  readonly reply?: Schema
  readonly textType?: string
  readonly bodyMaxBytes?: number
  register(app: FastifyInstance, services: Services): void
}
