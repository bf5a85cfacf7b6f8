import rateLimit from '@fastify/rate-limit'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySerializerCompiler,
  LogController,
} from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import helmet from 'helmet'
import type { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { HTTP_BODY_MAX_BYTES } from '#protocol/limits.ts'
import type { Services } from '../services.ts'
import { addressKey, clientAddress } from './client-address.ts'
import { setupErrors } from './errors.ts'
import { createListener, type ListenerOptions } from './listener.ts'
import { setupOpenApi } from './openapi/setup-openapi.ts'
import { routesOf } from './routes.ts'
import { refuseNewWork } from './when-full.ts'

/** Requests a minute from one address over addresses that don't exist. */
const UNKNOWN_PER_MINUTE = 120

/** The HTTP interface; not listening yet. */
export async function createApp(
  services: Services,
  listener: Omit<ListenerOptions, 'trustedProxyHops'>,
  log: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app: FastifyInstance = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: HTTP_BODY_MAX_BYTES,
    routerOptions: { maxParamLength: 100 },
    forceCloseConnections: true,
    serverFactory: handler => createListener({ ...listener, trustedProxyHops: services.trustedProxyHops }, handler),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(toJson)
  app.removeContentTypeParser('text/plain')
  app.addHook('onRoute', ({ url, config: routeConfig }) => {
    if (!routeConfig?.access) throw new Error(`The route ${url} says nothing about who may use it.`)
  })
  // Made once: Fastify's own plugin for it reads the policy anew at every request.
  const secure = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  })
  app.addHook('onRequest', (request, reply, done) => secure(request.raw, reply.raw, () => done()))
  app.addHook('onRequest', refuseNewWork(services))
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const detail = {
      method,
      route: routeOptions.url,
      status: reply.statusCode,
      elapsedMs: Math.round(reply.elapsedTime),
    }
    request.log.debug(detail, 'request')
    services.metrics.observe({ ...detail, route: detail.route ?? 'none', elapsedMs: reply.elapsedTime })
  })
  await app.register(rateLimit, {
    cache: 20_000,
    keyGenerator: request => addressKey(clientAddress(request.raw, services.trustedProxyHops)),
    errorResponseBuilder: () => new HandholdError('rate-limited', 'Too many requests. Wait a minute, then try again.'),
  })
  await setupOpenApi(app, services.version)
  setupErrors(app, app.rateLimit({ max: UNKNOWN_PER_MINUTE, timeWindow: 60_000 }))
  for (const route of routesOf(services)) route.register(app, services)
  await app.ready()
  return app
}

/** Replies leave through their schema, so that a member that it doesn't name stays here. */
const toJson: FastifySerializerCompiler<z.ZodType> =
  ({ schema }) =>
  data =>
    JSON.stringify(schema.parse(data))
