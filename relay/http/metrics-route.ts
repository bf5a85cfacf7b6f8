import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { Services } from '../services.ts'
import { socketAddress } from './client-address.ts'
import type { Route } from './described-route.ts'
import { routeSchema } from './openapi/route-schema.ts'
import { bearerToken } from './route.ts'

const spec = {
  method: 'GET',
  url: '/metrics',
  access: { authn: 'monitoring', authz: 'monitoring', limitPerMinute: 120 },
  reply: z.string(),
  textType: 'text/plain',
} as const

/** What a proxy adds. With one of these a connection from this machine stands for somebody elsewhere. */
const FORWARDING_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip']

/** GET /metrics: with the configured token or, where there is none, from this machine only. */
export const metrics = ({ metrics, metricsAccess }: Services): Route => ({
  ...spec,
  register(app) {
    app.route({
      method: spec.method,
      url: spec.url,
      config: { access: spec.access, rateLimit: { max: spec.access.limitPerMinute, timeWindow: 60_000 } },
      schema: routeSchema(spec),
      onRequest: async request => requireMonitoring(request, metricsAccess),
      handler: async (_request, reply) =>
        reply
          .type(metrics.contentType)
          .header('cache-control', 'no-store')
          .send(await metrics.text()),
    })
  },
})

function requireMonitoring({ raw, headers }: FastifyRequest, access: Services['metricsAccess']): void {
  if (access.hasToken) {
    const token = bearerToken(headers.authorization)
    if (token !== null && access.isToken(token)) return
    throw new HandholdError('unauthenticated', 'The metrics take the token that the relay was configured with.')
  }
  const isForwarded = FORWARDING_HEADERS.some(name => headers[name] !== undefined)
  if (!isForwarded && isLoopback(socketAddress(raw))) return
  throw new HandholdError(
    'forbidden',
    'Without a configured token the metrics are read on the relay’s own machine only.',
  )
}

const isLoopback = (address: string) =>
  isIP(address) === 4 ? address.startsWith('127.') : address === '0:0:0:0:0:0:0:1'
